//! What is kept of people and documents, and for how long.

use crate::bench::{Bench, NAME, PHONE, TEXT, push};
use idv_edge::toss::{Requested, SignRequest};
use sqlx::SqlitePool;

/// Whether document and signature of a transaction are stored.
async fn held(db: &SqlitePool, requested: &Requested) -> (bool, bool) {
    sqlx::query_as("SELECT doc IS NOT NULL, signed_doc IS NOT NULL FROM toss_transactions WHERE tx_id = ?")
        .bind(requested.tx_id.as_str())
        .fetch_one(db)
        .await
        .expect("the transaction")
}

async fn open(bench: &Bench) -> SqlitePool {
    let file = bench.sandbox.folder.join("sandbox.sqlite");
    SqlitePool::connect(&format!("sqlite://{}", file.display())).await.expect("database")
}

/// Whether `text` is anywhere in the database, its log and its index.
fn files_hold(bench: &Bench, text: &str) -> bool {
    std::fs::read_dir(&bench.sandbox.folder)
        .expect("folder")
        .map(|entry| std::fs::read(entry.expect("entry").path()).expect("file"))
        .any(|file| file.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[tokio::test]
async fn the_persons_data_is_stored_nowhere() {
    let bench = Bench::start_on_file().await;
    let requested = bench.signed(&push()).await;
    bench.result(&requested).await.expect("result");
    assert!(files_hold(&bench, TEXT), "the search finds what is there");
    for secret in [NAME, PHONE, "19850607"] {
        assert!(!files_hold(&bench, secret), "{secret}");
    }
    let events = bench.sandbox.all_events();
    for secret in [NAME, PHONE, TEXT, requested.tx_id.as_str()] {
        assert!(!events.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn document_and_signature_are_deleted_with_the_second_read() {
    let bench = Bench::start_on_file().await;
    let requested = bench.signed(&SignRequest { encrypt_document: true, ..push() }).await;
    let db = open(&bench).await;
    assert_eq!(held(&db, &requested).await, (true, true));
    bench.result(&requested).await.expect("first");
    assert_eq!(held(&db, &requested).await, (true, true));
    assert!(files_hold(&bench, TEXT) && files_hold(&bench, "김토스"));
    bench.result(&requested).await.expect("second");
    assert_eq!(held(&db, &requested).await, (false, false));
    assert!(!files_hold(&bench, TEXT) && !files_hold(&bench, "김토스"), "nor in the file, nor in its log");
}

#[tokio::test]
async fn what_is_refused_or_out_of_time_is_deleted() {
    let bench = Bench::start_on_file().await;
    let db = open(&bench).await;
    let (refused, expired) = (bench.sign(&push()).await, bench.sign(&push()).await);
    let unread = bench.signed(&push()).await;
    assert_eq!(bench.decide(&refused.tx_id, "refuse").await.0, 303);
    assert_eq!(held(&db, &refused).await, (false, false));
    assert_eq!(held(&db, &expired).await, (true, false));

    bench.sandbox.pass_ms(300_000);
    bench.status(&refused).await;
    assert_eq!((held(&db, &expired).await, held(&db, &unread).await), ((false, false), (true, true)));
    bench.sandbox.pass_ms(3_600_000 - 300_000 + 1);
    bench.status(&refused).await;
    assert_eq!(held(&db, &unread).await, (false, false));
}
