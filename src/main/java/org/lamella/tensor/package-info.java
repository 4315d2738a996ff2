// SPDX-License-Identifier: Apache-2.0
/**
 * Tensors, scripts and files of tensors: libtorch from Java, without Python, and without a way to bring the process
 * down.
 *
 * <p>Front door: {@link org.lamella.tensor.Torch}, though nothing has to be started by hand. A {@link
 * org.lamella.tensor.Tensor} is a handle to numbers that libtorch holds; a {@link org.lamella.tensor.Scope} owns it and
 * frees it. All mathematics is TorchScript: a {@link org.lamella.tensor.Script} is compiled from source text once and
 * called with tensors, one native call for a whole layer of a transformer. {@link org.lamella.tensor.GradMode} and
 * {@link org.lamella.tensor.Autograd} give gradients, {@link org.lamella.tensor.AdamW} uses them, and {@link
 * org.lamella.tensor.SafeTensors} maps weights from files and writes them; {@link org.lamella.tensor.Gguf} reads those of
 * llama.cpp. Both are a {@link org.lamella.tensor.TensorFile}.
 *
 * <pre>{@code
 * Script script = Script.compile("""
 *         def loss(self, x: Tensor, w: List[Tensor], y: Tensor) -> Tensor:
 *           z = torch.linear(x, w[0], w[1])  # (batch, labels)
 *           return torch.cross_entropy_loss(z, y)
 *         """);
 * try (Scope model = Scope.open()) {
 *     List<Tensor> weights = List.of(
 *             model.full(0.1, 3, 4).requireGradient(), model.zeros(DType.F32, 3).requireGradient());
 *     AdamW adam = AdamW.over(List.of(new AdamW.Group(weights, 0.01)));
 *     for (int step = 0; step < 10; step++) {
 *         try (Scope scope = Scope.open();
 *                 GradMode on = GradMode.enabled()) {
 *             Tensor x = scope.floats(new float[] {1, 2, 3, 4, 4, 3, 2, 1}, 2, 4);
 *             Tensor y = scope.longs(new long[] {0, 2}, 2);
 *             Autograd.backward(script.call("loss").with(x).with(weights).with(y).one(scope));
 *             adam.step(1e-2, 1);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Rules that hold everywhere here:
 *
 * <ul>
 *   <li>The garbage collector frees no tensor by itself; a scope does. What a scope owns is gone when it closes, and
 *       using it then is an {@link java.lang.IllegalStateException}, never a crash.
 *   <li>A result belongs to the scope that the call names, whatever its operands belong to.
 *   <li>No call builds a graph unless its thread enabled gradients.
 *   <li>Types change inside scripts only, where a cast keeps the gradient.
 *   <li>The random stream is one for the process ({@link org.lamella.tensor.Torch#seed}).
 * </ul>
 *
 * <p>Words defined here: a <em>handle</em> is what Java holds of a native tensor; a <em>view</em> shares the memory of
 * another tensor; a <em>leaf</em> is a tensor that accumulates a gradient; to <em>map</em> a file is to use its bytes as
 * memory, read when first touched.
 */
@NullMarked
package org.lamella.tensor;

import org.jspecify.annotations.NullMarked;
