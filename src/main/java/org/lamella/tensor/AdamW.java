// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decoupled weight decay (Loshchilov and Hutter 2019, <a href="https://arxiv.org/abs/1711.05101">1711.05101</a>): the
 * steps of {@code torch.optim.AdamW}, by libtorch's fused kernel.
 *
 * <p>A parameter that no backward has reached yet is left alone, its decay included. After a step the gradients are
 * zero, as {@code zero_grad(set_to_none=False)} leaves them. Holds two moments of each parameter's size; owns them, not
 * the parameters.
 */
@SuppressWarnings("try") // a grad mode works by being open
public final class AdamW implements AutoCloseable {

    /**
     * Parameters that share a weight decay and a learning rate.
     *
     * @param parameters leaves that require a gradient
     * @param weightDecay which share of itself, times the learning rate, a parameter loses per step; at least 0
     * @param rate what the step's learning rate is multiplied by; more than 0
     */
    public record Group(List<Tensor> parameters, double weightDecay, double rate) {

        /** Makes a group that takes the step's learning rate as it is. */
        public Group(List<Tensor> parameters, double weightDecay) {
            this(parameters, weightDecay, 1);
        }

        /** Checks the numbers and copies the list. */
        public Group {
            parameters = List.copyOf(parameters);
            if (!(rate > 0 && Double.isFinite(rate))) {
                throw new IllegalArgumentException("rate must be a number above 0; got " + rate);
            }
            if (!(weightDecay >= 0)) {
                throw new IllegalArgumentException("weightDecay must be at least 0; got " + weightDecay);
            }
        }
    }

    // what one parameter needs; first and second are running means of the gradient and of its square
    private record Slot(Tensor parameter, Tensor first, Tensor second, Tensor steps) {}

    private record Decayed(double weightDecay, double rate, List<Slot> slots) {}

    private static final class Compiled {
        static final Script SCRIPT = Script.compile("""
                def norm(self, g: List[Tensor]) -> Tensor:
                  return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)), 2)
                def clip(self, g: List[Tensor], norm: Tensor, maximum: float) -> Tensor:
                  share = torch.clamp(torch.div(maximum, torch.add(norm, 9.9999999999999995e-07)), None, 1.)
                  torch._foreach_mul_(g, share)
                  return share
                def update(self, p: List[Tensor], g: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, eps: float) -> Tensor:
                  torch._foreach_add_(steps, 1)
                  torch._fused_adamw_(p, g, first, second, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
                  return steps[0]
                """);
    }

    private final Scope scope = Scope.heldBy(this);
    private final List<Decayed> groups = new ArrayList<>();
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    private AdamW(List<Group> groups, double beta1, double beta2, double epsilon) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        for (Group group : groups) {
            List<Slot> slots = group.parameters().stream().map(this::slot).toList();
            this.groups.add(new Decayed(group.weightDecay(), group.rate(), slots));
        }
    }

    private Slot slot(Tensor parameter) {
        if (!parameter.on(Libtorch::accumulatesGradient)) {
            throw new IllegalArgumentException("parameter must require a gradient; got " + parameter);
        }
        return new Slot(
                parameter,
                Functions.zerosLike(parameter, scope),
                Functions.zerosLike(parameter, scope),
                Functions.zeros(DType.F32, new long[0], scope));
    }

    /** Returns an optimizer with the betas 0.9 and 0.999 and the epsilon 1e-8. */
    public static AdamW over(List<Group> groups) {
        return over(groups, 0.9, 0.999, 1e-8);
    }

    /**
     * Returns an optimizer.
     *
     * @param groups the parameters, each in one group
     * @param beta1 how much of the mean gradient is kept per step, in [0, 1)
     * @param beta2 how much of the mean square is kept per step, in [0, 1)
     * @param epsilon added to the root of the corrected mean square; at least 0
     */
    public static AdamW over(List<Group> groups, double beta1, double beta2, double epsilon) {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("betas must lie in [0, 1); got " + beta1 + " and " + beta2);
        }
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be at least 0; got " + epsilon);
        }
        return new AdamW(groups, beta1, beta2, epsilon);
    }

    /** Returns the length of all present gradients taken as one vector, and changes nothing; 0 if there are none. */
    public double gradientNorm() {
        try (Scope scratch = Scope.open();
                GradMode off = GradMode.disabled()) {
            List<Tensor> gradients = new ArrayList<>();
            groups.forEach(group -> reached(group, gradients, scratch));
            return gradients.isEmpty() ? 0 : norm(gradients, scratch).item();
        }
    }

    /**
     * Clips the gradients to a common length, updates the parameters and sets the gradients to zero.
     *
     * @param learningRate the step size; at least 0
     * @param maximumNorm the greatest length, as in {@code clip_grad_norm_}; not clipped when it is infinite or not positive
     * @return the length before clipping. If it is not finite, no parameter and no moment changed
     */
    public double step(double learningRate, double maximumNorm) {
        if (!(learningRate >= 0 && Double.isFinite(learningRate))) {
            throw new IllegalArgumentException(
                    "learningRate must be a finite number of at least 0; got " + learningRate);
        }
        try (Scope scratch = Scope.open();
                GradMode off = GradMode.disabled()) {
            List<Tensor> gradients = new ArrayList<>();
            List<List<Slot>> slots = new ArrayList<>();
            groups.forEach(group -> slots.add(reached(group, gradients, scratch)));
            if (gradients.isEmpty()) {
                return 0;
            }
            Tensor norm = norm(gradients, scratch);
            double length = norm.item();
            if (Double.isFinite(length)) {
                if (maximumNorm > 0 && Double.isFinite(maximumNorm)) {
                    call("clip").with(gradients).with(norm).with(maximumNorm).run();
                }
                int from = 0;
                for (int i = 0; i < slots.size(); i++) {
                    List<Slot> some = slots.get(i);
                    update(
                            some,
                            gradients.subList(from, from + some.size()),
                            groups.get(i).weightDecay(),
                            learningRate * groups.get(i).rate());
                    from += some.size();
                }
            }
            groups.forEach(
                    group -> group.slots().forEach(slot -> slot.parameter().zeroGradient()));
            return length;
        }
    }

    // adds the gradients that exist and returns the slots they belong to
    private static List<Slot> reached(Decayed group, List<Tensor> gradients, Scope scratch) {
        List<Slot> reached = new ArrayList<>();
        for (Slot slot : group.slots()) {
            long gradient = slot.parameter().on(Libtorch::gradient);
            if (gradient != 0) {
                gradients.add(scratch.own(gradient));
                reached.add(slot);
            }
        }
        return reached;
    }

    private void update(List<Slot> slots, List<Tensor> gradients, double weightDecay, double learningRate) {
        if (slots.isEmpty()) {
            return;
        }
        call("update")
                .with(slots.stream().map(Slot::parameter).toList())
                .with(gradients)
                .with(slots.stream().map(Slot::first).toList())
                .with(slots.stream().map(Slot::second).toList())
                .with(slots.stream().map(Slot::steps).toList())
                .with(learningRate)
                .with(beta1)
                .with(beta2)
                .with(weightDecay)
                .with(epsilon)
                .run();
    }

    private static Tensor norm(List<Tensor> gradients, Scope scratch) {
        return call("norm").with(gradients).one(scratch);
    }

    private static Script.Call call(String function) {
        return Compiled.SCRIPT.call(function);
    }

    /**
     * Returns the moments and step counts by name, for a checkpoint: {@code 3.first}, {@code 3.second} and
     * {@code 3.steps} of the fourth parameter, counted over all groups. They stay this optimizer's and change with it.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        int number = 0;
        for (Decayed group : groups) {
            for (Slot slot : group.slots()) {
                state.put(number + ".first", slot.first());
                state.put(number + ".second", slot.second());
                state.put(number + ".steps", slot.steps());
                number++;
            }
        }
        return state;
    }

    /** Copies a state taken by {@link #state} from an optimizer over parameters of the same shapes. */
    public void restore(Map<String, Tensor> state) {
        Map<String, Tensor> own = state();
        if (!own.keySet().equals(state.keySet())) {
            throw new IllegalArgumentException(
                    "state must hold " + own.size() + " tensors of this optimizer's names; got " + state.keySet());
        }
        List<Script.Call> copies = new ArrayList<>();
        own.forEach((name, tensor) -> {
            Tensor given = state.get(name);
            if (given == null || !Arrays.equals(tensor.shape(), given.shape())) {
                throw new IllegalArgumentException("state " + name + " must be " + tensor + "; got " + given);
            }
            copies.add(Functions.overwriting(tensor, given));
        });
        copies.forEach(Script.Call::run);
    }

    /** Frees the moments. The parameters stay. */
    @Override
    public void close() {
        scope.close();
    }
}
