// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

/** Ends the process while another thread trains. */
@SuppressWarnings("try") // a grad mode works by being open
final class EndWhileComputing {

    private EndWhileComputing() {}

    /** Trains for a second, then ends with 7. */
    public static void main(String[] arguments) throws InterruptedException {
        Script script = Script.compile("""
                def loss(self, x: Tensor) -> Tensor:
                  for i in range(20):
                    x = torch.tanh(torch.matmul(x, x))
                  return torch.sum(x)
                """);
        Thread worker = new Thread(() -> {
            try (Scope scope = Scope.open()) {
                Tensor x = scope.full(0.01, 500, 500).requireGradient();
                while (!Thread.currentThread().isInterrupted()) {
                    try (Scope step = scope.child();
                            GradMode on = GradMode.enabled()) {
                        Autograd.backward(script.call("loss").with(x).one(step));
                    }
                }
            }
        });
        worker.start();
        Thread.sleep(1000);
        System.exit(7);
    }
}
