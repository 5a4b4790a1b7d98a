//! The Merkle tree of RFC 6962 2.1 with SHA-256: a leaf is hashed behind 0x00, a node behind 0x01, so that neither can
//! be taken for the other. It grows leaf by leaf; root and path take logarithmic time.

use sha2::{Digest, Sha256};

/// A hash.
pub type Hash = [u8; 32];

/// Longest path: that of 2^32 leaves.
const MAX_PATH: usize = 32;

/// Hash of a leaf's entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// A tree. It keeps two hashes for each leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Hashes of the complete subtrees of 1, 2, 4 … leaves, from the left.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Adds a leaf.
    pub fn push(&mut self, entry: &[u8]) {
        let mut hash = leaf_hash(entry);
        for height in 0.. {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else { return };
            level.push(hash);
            match level.as_slice() {
                [.., left, right] if level.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// Number of leaves.
    pub fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Whether it has no leaf.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        self.hash_of(0, self.len()).unwrap_or_else(|| Sha256::digest(b"").into())
    }

    /// The audit path of leaf `index`, from its sibling upwards. `None` where there is no such leaf.
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        let (mut first, mut end) = (0, self.len());
        if index >= end {
            return None;
        }
        let mut path = Vec::new();
        while end - first > 1 {
            let middle = first + split(end - first);
            if index < middle {
                path.push(self.hash_of(middle, end)?);
                end = middle;
            } else {
                path.push(self.hash_of(first, middle)?);
                first = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// Hash of the subtree over the leaves from `first` to before `end`. Its left half is complete, and so is kept.
    fn hash_of(&self, first: usize, end: usize) -> Option<Hash> {
        let count = end.checked_sub(first).filter(|count| *count > 0)?;
        if count.is_power_of_two() {
            let height = count.trailing_zeros() as usize;
            return self.levels.get(height)?.get(first >> height).copied();
        }
        let middle = first + split(count);
        Some(node_hash(&self.hash_of(first, middle)?, &self.hash_of(middle, end)?))
    }
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

/// The root that follows from leaf `index` of `count` and its path (RFC 9162 2.1.3.2). `None` where the path has not
/// the length of that place.
pub fn root_from_path(entry: &[u8], index: u32, count: u32, path: &[Hash]) -> Option<Hash> {
    if index >= count || path.len() > MAX_PATH {
        return None;
    }
    let (mut place, mut last) = (index, count - 1);
    let mut hash = leaf_hash(entry);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            // A last node without a sibling moves up as it is.
            while place % 2 == 0 && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Inputs of the test vectors of Certificate Transparency's reference implementation (merkle_tree_test.cc).
    const ENTRIES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    /// Their roots after each leaf.
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_the_reference_vectors() {
        let mut tree = Tree::default();
        assert_eq!(
            hex::encode(tree.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (entry, root) in ENTRIES.into_iter().zip(ROOTS) {
            tree.push(&hex::decode(entry).expect("hex"));
            assert_eq!(hex::encode(tree.root()), root);
        }
    }

    fn tree_of(count: u32) -> Tree {
        let mut tree = Tree::default();
        (0..count).for_each(|leaf| tree.push(&leaf.to_be_bytes()));
        tree
    }

    proptest! {
        #[test]
        fn every_path_leads_to_the_root_and_to_no_other_place(count in 1u32..200, index in 0u32..200, other in 0u32..200) {
            let tree = tree_of(count);
            let Some(path) = tree.path(index as usize) else {
                prop_assert!(index >= count);
                return Ok(());
            };
            let root = |entry: u32, place: u32, count| root_from_path(&entry.to_be_bytes(), place, count, &path);
            prop_assert_eq!(root(index, index, count), Some(tree.root()));
            if other != index {
                prop_assert_ne!(root(other, index, count), Some(tree.root()));
                prop_assert_ne!(root(index, other, count), Some(tree.root()));
            }
        }

        #[test]
        fn a_path_with_a_hash_too_many_or_too_few_leads_nowhere(count in 2u32..200, index in 0u32..200) {
            let index = index % count;
            let tree = tree_of(count);
            let mut path = tree.path(index as usize).expect("a leaf");
            path.push([0; 32]);
            prop_assert_eq!(root_from_path(&index.to_be_bytes(), index, count, &path), None);
            path.truncate(path.len() - 2);
            prop_assert_ne!(root_from_path(&index.to_be_bytes(), index, count, &path), Some(tree.root()));
        }
    }

    #[test]
    fn a_node_is_no_leaf() {
        let tree = tree_of(2);
        let mut node = Vec::new();
        node.extend(leaf_hash(&0u32.to_be_bytes()));
        node.extend(leaf_hash(&1u32.to_be_bytes()));
        assert_ne!(leaf_hash(&node), tree.root());
    }
}
