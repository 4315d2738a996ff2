// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a grad mode works by being open
class ScopeTest {

    private static final Script SCRIPT = Script.compile("""
            def layer(self, x: Tensor, w: List[Tensor]) -> Tensor:
              return torch.tanh(torch.linear(x, w[0]))
            def loss(self, x: Tensor) -> Tensor:
              return torch.mean(x * x)
            """);

    // what earlier tests left to the garbage collector must not be freed in the middle of a count
    @BeforeEach
    void settle() throws InterruptedException {
        for (long before = -1; before != Torch.liveTensors(); ) {
            before = Torch.liveTensors();
            System.gc();
            Thread.sleep(50);
        }
    }

    @Test
    void closingFreesEverythingOnce() {
        long before = Torch.liveTensors();
        Scope scope = Scope.open();
        Tensor x = scope.full(1, 2);
        scope.full(2, 2);
        assertThat(scope.live()).isEqualTo(2);
        assertThat(scope).hasToString("scope of 2 tensors");

        x.close();
        assertThat(scope.live()).isEqualTo(1);
        scope.close();
        scope.close();
        x.close();

        assertThat(scope.live()).isZero();
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }

    @Test
    void aClosedScopeTakesNothing() {
        Scope closed = Scope.open();
        closed.close();
        long before = Torch.liveTensors();
        try (Scope scope = Scope.open()) {
            Tensor x = scope.full(1, 2);

            assertThatThrownBy(() -> closed.full(1, 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("scope must be open; it was closed");
            assertThatThrownBy(() -> closed.take(x)).hasMessage("scope must be open; it was closed");
            assertThatThrownBy(closed::child).hasMessage("scope must be open; it was closed");
            assertThat(x.floats()).containsExactly(1, 1);
        }
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }

    @Test
    void aParentClosesItsChildrenAndNotTheOtherWayRound() {
        Scope parent = Scope.open();
        Tensor kept = parent.full(1, 2);
        Scope first = parent.child();
        Scope second = parent.child();
        Tensor a = first.full(1, 2);
        Tensor b = second.child().full(2, 2);

        first.close();
        assertThat(a.closed()).isTrue();
        assertThat(kept.closed()).isFalse();
        parent.close();
        assertThat(b.closed()).isTrue();
        second.close();
    }

    @Test
    void aTensorThatWasTakenOutlivesItsFirstScope() {
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope inner = Scope.open()) {
                kept = outer.take(inner.full(3, 2));
                assertThat(inner.live()).isZero();
            }
            assertThat(outer.take(kept)).isSameAs(kept);
            assertThat(outer.live()).isEqualTo(1);
            assertThat(kept.floats()).containsExactly(3, 3);
        }
    }

    @Test
    void trainingStepsLeaveNothingBehind() {
        try (Scope model = Scope.open()) {
            Tensor weight = model.full(0.5, 3, 3).requireGradient();
            AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(weight), 0.01)));
            step(weight, adam);
            long before = Torch.liveTensors();
            for (int i = 0; i < 200; i++) {
                step(weight, adam);
            }

            assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
            adam.close();
        }
    }

    private static void step(Tensor weight, AdamW adam) {
        try (Scope step = Scope.open();
                GradMode on = GradMode.enabled()) {
            Tensor x = step.full(1, 2, 3);
            for (int layer = 0; layer < 3; layer++) {
                try (Scope inner = step.child()) {
                    x = step.take(
                            SCRIPT.call("layer").with(x).with(List.of(weight)).one(inner));
                }
            }
            Autograd.backward(SCRIPT.call("loss").with(x).one(step));
            adam.step(1e-3, 1);
        }
    }

    @Test
    void closingUnderARunningComputationIsAnErrorAndNotACrash() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            Scope scope = Scope.open();
            Tensor weight = scope.full(0.1, 64, 64);
            Thread closer = new Thread(scope::close);
            closer.start();
            try (Scope step = Scope.open()) {
                assertThatThrownBy(() -> {
                            Tensor x = step.full(1, 8, 64);
                            while (true) {
                                x = SCRIPT.call("layer")
                                        .with(x)
                                        .with(List.of(weight))
                                        .one(step);
                            }
                        })
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("tensor must be open; it or its scope was closed");
            }
            closer.join();
        }
    }

    @Test
    void aFailingCallLeavesNothingBehind() {
        long before = Torch.liveTensors();
        for (int i = 0; i < 10; i++) {
            try (Scope step = Scope.open()) {
                Tensor x = step.full(1, 2, 3);
                assertThatThrownBy(() ->
                                SCRIPT.call("layer").with(x).with(List.of()).one(step))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }

    // a model as a person holds it
    private static final class Holder {
        final Scope scope = Scope.heldBy(this);
        final Tensor weight = scope.full(1, 2);
    }

    @Test
    void whatAnUnreachableObjectHeldIsFreed() throws InterruptedException {
        long before = Torch.liveTensors();
        @Nullable Holder holder = new Holder();
        Scope child = holder.scope.child();
        child.full(1, 2);
        assertThat(Torch.liveTensors()).isEqualTo(before + 2);

        child = null;
        holder = null;

        assertThat(comesTo(before)).isTrue();
    }

    @Test
    void aTensorInUseKeepsWhatHoldsIt() throws InterruptedException {
        long before = Torch.liveTensors();
        @Nullable Tensor weight = new Holder().weight;
        System.gc();
        Thread.sleep(100);
        System.gc();
        Thread.sleep(100);

        assertThat(weight.floats()).containsExactly(1, 1);
        weight = null;
        assertThat(comesTo(before)).isTrue();
    }

    @Test
    void aHeldScopeMayBeClosedByHand() {
        long before = Torch.liveTensors();
        Holder holder = new Holder();
        assertThat(holder.scope).hasToString("held scope of 1 tensors");
        holder.scope.close();

        assertThat(holder.weight.closed()).isTrue();
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }

    private static boolean comesTo(long live) throws InterruptedException {
        for (int i = 0; i < 50 && Torch.liveTensors() > live; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Torch.liveTensors() == live;
    }
}
