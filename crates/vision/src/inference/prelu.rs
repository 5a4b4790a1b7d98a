//! PReLU as one operator that works in place. Published networks bring it as a comparison, a product and a
//! choice, each with a tensor of its own, which is half of their time.

use std::sync::Arc;
use tract_nnef::internal::*;
use tract_nnef::tract_core::ops::binary::TypedBinOp;
use tract_nnef::tract_core::ops::logic::{CompGT, CompLT, Iff};
use tract_nnef::tract_core::ops::math::Mul;

/// x where x is at least 0, otherwise x times the slope of its channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PRelu {
    /// Axis of the channels.
    axis: usize,
    /// One slope for each channel, 32-bit floats.
    slopes: Arc<Tensor>,
}

impl Op for PRelu {
    fn name(&self) -> StaticName {
        "PRelu".into()
    }

    op_as_typed_op!();
}

impl EvalOp for PRelu {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let x = args_1!(inputs);
        let mut x = x.into_tensor();
        let inner = x.shape().iter().skip(self.axis + 1).product::<usize>().max(1);
        let slopes = self.slopes.try_as_plain_ram()?;
        let slopes = slopes.as_slice::<f32>()?;
        let mut plain = x.try_as_plain_ram_mut()?;
        let values = plain.as_slice_mut::<f32>()?;
        if inner == 1 {
            for pixel in values.chunks_exact_mut(slopes.len()) {
                pixel.iter_mut().zip(slopes).for_each(|(x, slope)| apply(x, *slope));
            }
        } else {
            for (channel, slope) in values.chunks_exact_mut(inner).zip(slopes.iter().cycle()) {
                channel.iter_mut().for_each(|x| apply(x, *slope));
            }
        }
        Ok(tvec!(x.into_tvalue()))
    }
}

/// A choice between two values that both exist, so that it becomes vector instructions.
#[inline(always)]
fn apply(x: &mut f32, slope: f32) {
    let scaled = slope * *x;
    *x = if *x > 0.0 { *x } else { scaled };
}

impl TypedOp for PRelu {
    as_op!();

    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(inputs[0].without_value()))
    }
}

/// Puts [`PRelu`] where `model` chooses between x and x times a constant by the sign of x.
pub(super) fn fuse_prelu(model: &mut TypedModel) -> TractResult<()> {
    let rules = Rewriter::default().with_rule_for::<Iff>("prelu", |_: &(), model, node, name, _| {
        let [test, product, x] = node.inputs[..] else { return Ok(None) };
        let Some(slopes) = slopes_of(model, product, x)? else { return Ok(None) };
        let fact = model.outlet_fact(x)?;
        if !is_below_zero(model, test, x)? || fact.datum_type != DatumType::F32 {
            return Ok(None);
        }
        let wide: Vec<usize> = (0..slopes.rank()).filter(|axis| slopes.shape()[*axis] != 1).collect();
        let ([axis], true) = (&wide[..], slopes.rank() == fact.rank()) else { return Ok(None) };
        if fact.shape[*axis] != slopes.len().to_dim() {
            return Ok(None);
        }
        let op = PRelu { axis: *axis, slopes: slopes.into() };
        TypedModelPatch::replace_single_op(model, node, &[x], op)
            .map(|patch| Some(patch.with_context(format!("fusing {name}"))))
    });
    rules.rewrite(&(), model)
}

/// The constant that `product` multiplies `x` by.
fn slopes_of(model: &TypedModel, product: OutletId, x: OutletId) -> TractResult<Option<Tensor>> {
    let node = model.node(product.node);
    let is_product = node.op_as::<TypedBinOp>().is_some_and(|op| op.0.is::<Mul>());
    let other = match node.inputs[..] {
        [a, b] if is_product && a == x => b,
        [a, b] if is_product && b == x => a,
        _ => return Ok(None),
    };
    Ok(model.outlet_fact(other)?.konst.as_ref().map(|konst| Tensor::clone(konst)))
}

/// True when `test` says whether `x` is below 0.
fn is_below_zero(model: &TypedModel, test: OutletId, x: OutletId) -> TractResult<bool> {
    let node = model.node(test.node);
    let ([a, b], Some(op)) = (&node.inputs[..], node.op_as::<TypedBinOp>()) else { return Ok(false) };
    let zero = match () {
        () if op.0.is::<CompLT>() && *a == x => b,
        () if op.0.is::<CompGT>() && *b == x => a,
        () => return Ok(false),
    };
    let Some(zero) = model.outlet_fact(*zero)?.konst.clone() else { return Ok(false) };
    Ok(zero.cast_to::<f32>()?.try_as_plain_ram()?.as_slice::<f32>()?.iter().all(|value| *value == 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tract_nnef::tract_core::ops::logic::comp_gt;
    use tract_nnef::tract_core::ops::math::mul;

    const VALUES: [f32; 12] = [-2.0, 1.0, 0.0, -1.0, 3.0, -4.0, 5.0, -6.0, -7.0, 8.0, -9.0, 0.5];

    /// x of `shape`, or x times a slope where `zero` is above it, as published networks have it.
    fn network(shape: &[usize], slopes: Tensor, zero: f32) -> TractResult<TypedModel> {
        let mut model = TypedModel::default();
        let x = model.add_source("x", f32::fact(shape))?;
        let rank = vec![1; shape.len()];
        let zero = model.add_const("zero", Tensor::from_shape(&rank, &[zero])?)?;
        let slopes = model.add_const("slopes", slopes)?;
        let product = model.wire_node("product", mul(), &[x, slopes])?[0];
        let test = model.wire_node("test", TypedBinOp(comp_gt(), None), &[zero, x])?[0];
        let chosen = model.wire_node("iff", Iff, &[test, product, x])?;
        model.select_output_outlets(&chosen)?;
        Ok(model)
    }

    fn run(model: &TypedModel, shape: &[usize]) -> TractResult<Vec<f32>> {
        let input = Tensor::from_shape(shape, &VALUES)?;
        let output = model.clone().into_runnable()?.run(tvec![input.into()])?;
        Ok(output[0].try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
    }

    fn fused(model: &TypedModel) -> bool {
        model.nodes().iter().any(|node| node.op_is::<PRelu>())
    }

    #[test]
    fn a_choice_by_sign_becomes_one_operator_with_the_same_values() -> TractResult<()> {
        for (shape, wide) in [([1, 3, 2, 2], [1, 3, 1, 1]), ([1, 2, 2, 3], [1, 1, 1, 3])] {
            let slopes = Tensor::from_shape(&wide, &[0.1f32, -0.5, 2.0])?;
            let mut model = network(&shape, slopes, 0.0)?;
            let before = run(&model, &shape)?;
            fuse_prelu(&mut model)?;
            assert!(fused(&model), "{shape:?}");
            assert_eq!(run(&model, &shape)?, before, "{shape:?}");
        }
        Ok(())
    }

    #[test]
    fn a_choice_by_anything_else_stays_as_it_is() -> TractResult<()> {
        let slopes = Tensor::from_shape(&[1, 3, 1, 1], &[0.1f32, -0.5, 2.0])?;
        let mut model = network(&[1, 3, 2, 2], slopes, 1.0)?;
        fuse_prelu(&mut model)?;
        assert!(!fused(&model));
        Ok(())
    }
}
