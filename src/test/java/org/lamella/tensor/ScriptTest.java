// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static final Script SCRIPT = Script.compile("""
            # (rows, columns)
            def twice(self, x: Tensor) -> Tensor:
              return x + x

            def maybe(self, x: Tensor, w: List[Tensor]) -> Tensor:
              if torch.gt(torch.numel(w[0]), 0):
                y = torch.matmul(x, w[0])
              else:
                y = self.twice(x)
              return y
            def both(self, x: Tensor) -> Tuple[Tensor, List[Tensor]]:
              return (x, [torch.neg(x), torch.abs(x)])
            def none(self, x: Tensor) -> List[Tensor]:
              return annotate(List[Tensor], [])
            def scaled(self, x: Tensor, by: float, plus: int, negated: bool) -> Tensor:
              y = x * by + plus
              return -y if negated else y
            def increment(self, x: Tensor) -> None:
              x.add_(1)
            def count(self, x: Tensor) -> int:
              return x.numel()
            def dots(self, a: List[Tensor], b: List[Tensor], c: Tensor) -> Tensor:
              return torch.dot(a[0], b[1]) + torch.dot(a[1], c)
            """);

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor square() {
        return scope.floats(new float[] {1, 2, 3, 4}, 2, 2);
    }

    @Test
    void resultsBelongToTheOwnerWhateverTheOperandsBelongTo() {
        try (Scope owner = Scope.open()) {
            Tensor x = square();
            Tensor y = SCRIPT.call("twice").with(x).one(owner);

            assertThat(y.floats()).containsExactly(2, 4, 6, 8);
            assertThat(owner.live()).isEqualTo(1);
            assertThat(scope.live()).isEqualTo(1);
        }
    }

    @Test
    void aResultOutlivesItsOperand() {
        Tensor x = square();
        Tensor same = SCRIPT.call("both").with(x).many(scope).get(0);
        x.close();

        assertThat(same.floats()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void anEmptyListIsToldByItsElements() {
        Tensor x = square();

        assertThat(SCRIPT.call("maybe").with(x).with(List.of()).one(scope).floats())
                .containsExactly(2, 4, 6, 8);
        assertThat(SCRIPT.call("maybe").with(x).with(List.of(x)).one(scope).floats())
                .containsExactly(7, 10, 15, 22);
        assertThat(scope.live()).isEqualTo(3);
    }

    @Test
    void aTensorMayBeInSeveralPlacesOfOneCall() {
        Tensor v = scope.floats(new float[] {1, 2}, 2);

        assertThat(SCRIPT.call("dots")
                        .with(List.of(v, v))
                        .with(List.of(v, v))
                        .with(v)
                        .one(scope)
                        .item())
                .isEqualTo(10);
    }

    @Test
    void listsAndTuplesComeBackInOrder() {
        List<Tensor> parts = SCRIPT.call("both").with(square()).many(scope);

        assertThat(parts).hasSize(3);
        assertThat(parts.get(1).floats()).containsExactly(-1, -2, -3, -4);
        assertThat(parts.get(2).floats()).containsExactly(1, 2, 3, 4);
        assertThat(SCRIPT.call("none").with(square()).many(scope)).isEmpty();
    }

    @Test
    void numbersAndTruthValuesAreOperands() {
        assertThat(SCRIPT.call("scaled")
                        .with(square())
                        .with(0.5)
                        .with(1)
                        .with(true)
                        .one(scope)
                        .floats())
                .containsExactly(-1.5f, -2, -2.5f, -3);
    }

    @Test
    void aMethodMayJustChangeItsOperand() {
        Tensor x = square();
        SCRIPT.call("increment").with(x).run();

        assertThat(x.floats()).containsExactly(2, 3, 4, 5);
    }

    @Test
    void theNumberOfResultsMustBeAsked() {
        Tensor x = square();
        long before = Torch.liveTensors();

        assertThatThrownBy(() -> SCRIPT.call("both").with(x).one(scope))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("method both must return one tensor; got 3");
        assertThatThrownBy(() -> SCRIPT.call("count").with(x).one(scope))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("method count must return tensors; got int");
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }

    @Test
    void anUnknownMethodNamesThoseThereAre() {
        assertThatThrownBy(() -> SCRIPT.call("thrice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("method must be one of [twice, maybe, both, none, scaled, increment, count, dots]"
                        + "; got \"thrice\"; did you mean \"twice\"?");
    }

    @Test
    void aTextThatDoesNotCompileNamesItsLine() {
        assertThatThrownBy(() -> Script.compile("""
                        def good(self, x: Tensor) -> Tensor:
                          return x

                        def bad(self, x: Tensor) -> Tensor:
                          y = torch.neg(x)
                          return z
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("script must compile; line 6 (return z): undefined value z");
        assertThatThrownBy(() -> Script.compile("def f(self, x: Tensor) -> Tensor:\n  return (x\n"))
                .hasMessage("script must compile; line 4: expected ) but found 'eof'");
    }

    @Test
    void aTextWithoutMethodsOrWithOneTwiceIsRefused() {
        assertThatThrownBy(() -> Script.compile("x = 1"))
                .hasMessage("script must define a method: def name(self, x: Tensor) -> Tensor:");
        assertThatThrownBy(
                        () -> Script.compile(
                                "def f(self, x: Tensor) -> Tensor:\n  return x\ndef f(self, x: Tensor) -> Tensor:\n  return x\n"))
                .hasMessage("method must be defined once; got \"f\" twice");
    }

    @Test
    void operandsThatDoNotFitAreNamedWithTheLine() {
        assertThatThrownBy(() -> SCRIPT.call("maybe")
                        .with(square())
                        .with(List.of(scope.zeros(DType.F32, 3, 1)))
                        .one(scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "operands of maybe must fit; got [F32 (2, 2), [F32 (3, 1)]]; line 7 (y = torch.matmul(x, w[0])): "
                                + "mat1 and mat2 shapes cannot be multiplied (2x2 and 3x1)");
        assertThatThrownBy(() -> SCRIPT.call("maybe").with(square()).one(scope))
                .hasMessageStartingWith(
                        "operands of maybe must fit; got [F32 (2, 2)]; maybe() is missing value for argument 'w'.");
        assertThatThrownBy(() -> SCRIPT.call("twice").with(1.5).one(scope))
                .hasMessageStartingWith(
                        "operands of twice must fit; got [1.5]; twice() Expected a value of type 'Tensor");
    }

    @Test
    void unreachableScriptsAreFreedWhileTheirTensorsLive() throws InterruptedException {
        Tensor x = square();
        for (int i = 0; i < 20; i++) {
            x = Script.compile("def f(self, x: Tensor) -> Tensor:\n  return x + " + i + "\n")
                    .call("f")
                    .with(x)
                    .one(scope);
            System.gc();
        }
        assertThat(x.floats()[0]).isEqualTo(191);
    }

    @Test
    void sayTheirMethods() {
        assertThat(Script.compile("def f(self, x: Tensor) -> Tensor:\n  return x\n"))
                .hasToString("script [f]");
    }
}
