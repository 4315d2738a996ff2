// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.lamella.base.Seed;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The low-rank pair of one linear module y = W x + b: its output changes by scale · B A x. The tensors belong to the
 * adapter.
 *
 * <p>With a {@link Start} the change is scale · (B A - B₀ A₀) x. With a magnitude m the rows of W and of the change are
 * brought to the lengths m (DoRA).
 */
final class Pair {

    /**
     * Where a pair that does not begin with zero began; frozen.
     *
     * @param down A₀: (R, inputs)
     * @param up B₀: (outputs, R)
     */
    record Start(Tensor down, Tensor up) {}

    private final Tensor down;
    private final Tensor up;
    private final Tensor scale;
    private final double alpha;
    private final boolean rankStabilised;
    private final Optional<Tensor> magnitude;
    private final Optional<Start> start;
    private final Optional<Tensor> bias;
    private final boolean startsPrincipal;

    private Pair(
            Tensor down,
            Tensor up,
            Tensor scale,
            double alpha,
            boolean rankStabilised,
            Optional<Tensor> magnitude,
            Optional<Start> start,
            Optional<Tensor> bias,
            boolean startsPrincipal) {
        this.down = down;
        this.up = up;
        this.scale = scale;
        this.alpha = alpha;
        this.rankStabilised = rankStabilised;
        this.magnitude = magnitude;
        this.start = start;
        this.bias = bias;
        this.startsPrincipal = startsPrincipal;
    }

    /** Returns a pair without start and magnitude, whose scale is made from rank and alpha. */
    static Pair of(Tensor down, Tensor up, double alpha, boolean rankStabilised, Scope owner) {
        Tensor scale = owner.full(factor((int) down.size(0), alpha, rankStabilised));
        return new Pair(
                down, up, scale, alpha, rankStabilised, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** Returns this pair with row lengths to be learnt, (outputs). */
    Pair magnitude(Tensor lengths) {
        return new Pair(down, up, scale, alpha, rankStabilised, Optional.of(lengths), start, bias, startsPrincipal);
    }

    /** Returns this pair with a bias in place of the module's frozen one, (outputs). */
    Pair bias(Tensor numbers) {
        return new Pair(
                down, up, scale, alpha, rankStabilised, magnitude, start, Optional.of(numbers), startsPrincipal);
    }

    /** Returns this pair with its change multiplied. */
    Pair scaled(double by, Scope owner) {
        double other = by * alpha;
        return new Pair(
                down,
                up,
                owner.full(factor(rank(), other, rankStabilised)),
                other,
                rankStabilised,
                magnitude,
                start,
                bias,
                startsPrincipal);
    }

    /** Returns this pair with the place where it began. */
    Pair start(Start place) {
        return new Pair(down, up, scale, alpha, rankStabilised, magnitude, Optional.of(place), bias, false);
    }

    /** Returns this pair whose start is known only as the principal part of its weight. */
    Pair startingPrincipal() {
        return new Pair(down, up, scale, alpha, rankStabilised, magnitude, start, bias, true);
    }

    /** Returns this pair with its start, computed from the weight where it is not known. */
    Pair withStart(Supplier<Tensor> weight, Scope owner) {
        return startsPrincipal ? start(Principal.of(weight.get(), rank(), factor(), 0, new Seed(0), owner)) : this;
    }

    /** A: (R, inputs). */
    Tensor down() {
        return down;
    }

    /** B: (outputs, R). */
    Tensor up() {
        return up;
    }

    /** A single number. */
    Tensor scale() {
        return scale;
    }

    /** The lengths of the rows of the whole weight, (outputs), where they are learnt. */
    Optional<Tensor> magnitude() {
        return magnitude;
    }

    /** The module's bias, (outputs), where it is trained. */
    Optional<Tensor> bias() {
        return bias;
    }

    Optional<Start> start() {
        return start;
    }

    int rank() {
        return (int) down.size(0);
    }

    double alpha() {
        return alpha;
    }

    boolean rankStabilised() {
        return rankStabilised;
    }

    /** Returns the tensors that are trained. */
    List<Tensor> trained() {
        List<Tensor> trained = new ArrayList<>(List.of(down, up));
        magnitude.ifPresent(trained::add);
        bias.ifPresent(trained::add);
        return trained;
    }

    /** Returns the seven tensors that a layer takes of a module, {@code nothing} in place of those that are not there. */
    List<Tensor> operands(Tensor nothing) {
        return List.of(
                down,
                up,
                scale,
                magnitude.orElse(nothing),
                start.map(Start::down).orElse(nothing),
                start.map(Start::up).orElse(nothing),
                bias.orElse(nothing));
    }

    long parameters() {
        return trained().stream().mapToLong(Tensor::elements).sum();
    }

    double factor() {
        return factor(rank(), alpha, rankStabilised);
    }

    /** alpha / r, or alpha / sqrt(r) when rank-stabilised (Kalajdzievski 2023). */
    static double factor(int rank, double alpha, boolean rankStabilised) {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }
}
