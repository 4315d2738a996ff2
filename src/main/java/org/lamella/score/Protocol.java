// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.lamella.base.Bootstrap;
import org.lamella.base.Seed;
import org.lamella.model.Position;
import org.lamella.model.Transformer;

/**
 * How layers are scored by CKA: every choice that changes a number, by name.
 *
 * <p>Immutable; a method named as a part returns the protocol with that part changed. {@link #corrected()} is what to
 * use; {@link #published()} has the quirks of the paper's code and is for comparing with it.
 *
 * <pre>{@code
 * Protocol.corrected().position(Position.MEAN)
 * Protocol.published().estimator(Estimator.DEBIASED)     // one quirk less
 * }</pre>
 *
 * @param estimator how HSIC is estimated
 * @param precision in which precision the sums are made
 * @param position where in a text the representation is read
 * @param candidates which layers may be chosen
 * @param constantScoresZero whether a layer whose input or output is the same for every example scores 0, as the
 *     published code's denominator of at least 1e-12 makes it, instead of being undefined
 * @param lastNorm whether the last state of a decoder is read after the norm that follows its last layer, as the published
 *     code reads it, instead of before; encoders have no such norm
 * @param resamples how intervals are made: seed, number of replicates, level
 */
public record Protocol(
        Estimator estimator,
        Precision precision,
        Position position,
        Candidates candidates,
        boolean constantScoresZero,
        boolean lastNorm,
        Bootstrap resamples) {

    private static final Bootstrap RESAMPLES = new Bootstrap(new Seed(0), 1000, 0.95);

    /**
     * Returns the protocol to use: debiased, in double precision, undefined layers typed as such and no candidates,
     * read at the first token (of decoders at the last, before the norm that follows the last layer), intervals at the
     * 95 % level from 1,000 replicates.
     */
    public static Protocol corrected() {
        return new Protocol(
                Estimator.DEBIASED, Precision.DOUBLE, Position.CLS, Candidates.DEFINED_LAYERS, false, false, RESAMPLES);
    }

    /**
     * Returns what the <a href="https://arxiv.org/abs/2602.05988">paper</a>'s code computes: biased, in single precision;
     * for encoders at the first token, the layer of lowest CKA dropped whichever it is; for decoders at the last token of
     * prompt and answer, after the last norm, every layer a candidate. It reproduces the numbers, not the cost: texts are
     * not padded to 512 tokens.
     */
    public static Protocol published() {
        return new Protocol(
                Estimator.BIASED, Precision.SINGLE, Position.CLS, Candidates.DROP_LOWEST, true, true, RESAMPLES);
    }

    /** Returns this protocol with another estimator. */
    public Protocol estimator(Estimator other) {
        return new Protocol(other, precision, position, candidates, constantScoresZero, lastNorm, resamples);
    }

    /** Returns this protocol with sums of another precision. */
    public Protocol precision(Precision other) {
        return new Protocol(estimator, other, position, candidates, constantScoresZero, lastNorm, resamples);
    }

    /** Returns this protocol with representations read elsewhere. */
    public Protocol position(Position other) {
        return new Protocol(estimator, precision, other, candidates, constantScoresZero, lastNorm, resamples);
    }

    /** Returns this protocol with other candidates. */
    public Protocol candidates(Candidates other) {
        return new Protocol(estimator, precision, position, other, constantScoresZero, lastNorm, resamples);
    }

    /** Returns this protocol with constant representations scored 0 (true) or undefined (false). */
    public Protocol constantScoresZero(boolean other) {
        return new Protocol(estimator, precision, position, candidates, other, lastNorm, resamples);
    }

    /** Returns this protocol with other resamples. */
    public Protocol resamples(Bootstrap other) {
        return new Protocol(estimator, precision, position, candidates, constantScoresZero, lastNorm, other);
    }

    /** Returns this protocol with resamples drawn from another seed. */
    public Protocol seed(long seed) {
        return resamples(new Bootstrap(new Seed(seed), resamples.replicates(), resamples.level()));
    }

    /** Returns this protocol with the last state of a decoder read after its last norm (true) or before (false). */
    public Protocol lastNorm(boolean other) {
        return new Protocol(estimator, precision, position, candidates, constantScoresZero, other, resamples);
    }

    /**
     * Returns this protocol as it is for a model. The first token of a decoder sees only itself, so that nothing can be
     * read there: it is the last instead; and of decoders the published code drops no layer.
     */
    Protocol of(Transformer model) {
        if (model.headPosition() == Position.CLS) {
            return lastNorm(false);
        }
        Protocol last = position == Position.CLS ? position(Position.LAST) : this;
        return last.candidates == Candidates.DROP_LOWEST ? last.candidates(Candidates.ALL_LAYERS) : last;
    }

    /** Returns whether products of features are made as the published code makes them, whatever is cheaper. */
    boolean byFeatures() {
        return precision == Precision.SINGLE && estimator == Estimator.BIASED;
    }

    /** Returns every switch with its value in words, in the order in which provenance lists them. */
    Map<String, String> switches() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("estimator", estimator.words());
        words.put("precision", precision.words());
        words.put("position", position.name().toLowerCase(Locale.ROOT));
        words.put("candidates", candidates.words());
        words.put("constant representations", constantScoresZero ? "score 0" : "are undefined");
        if (lastNorm) {
            words.put("last state", "after the last norm");
        }
        words.put(
                "resamples",
                resamples.replicates() + " at level " + resamples.level() + ", seed "
                        + resamples.seed().value());
        return words;
    }

    /** Returns the code that makes this protocol. */
    String code() {
        StringBuilder code = new StringBuilder();
        Protocol near = candidates == Candidates.DEFINED_LAYERS ? corrected() : published();
        code.append("Protocol.").append(near.equals(corrected()) ? "corrected()" : "published()");
        if (estimator != near.estimator) {
            code.append(".estimator(Estimator.").append(estimator).append(')');
        }
        if (precision != near.precision) {
            code.append(".precision(Precision.").append(precision).append(')');
        }
        if (position != near.position) {
            code.append(".position(Position.").append(position).append(')');
        }
        if (candidates != near.candidates) {
            code.append(".candidates(Candidates.").append(candidates).append(')');
        }
        if (constantScoresZero != near.constantScoresZero) {
            code.append(".constantScoresZero(").append(constantScoresZero).append(')');
        }
        if (lastNorm != near.lastNorm) {
            code.append(".lastNorm(").append(lastNorm).append(')');
        }
        return code.append(resamplesCode(near)).toString();
    }

    private String resamplesCode(Protocol near) {
        if (resamples.equals(near.resamples)) {
            return "";
        }
        if (seed(0).resamples.equals(near.resamples)) {
            return ".seed(" + resamples.seed().value() + ")";
        }
        return ".resamples(new Bootstrap(new Seed(" + resamples.seed().value() + "), " + resamples.replicates() + ", "
                + resamples.level() + "))";
    }
}
