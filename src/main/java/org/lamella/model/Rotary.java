// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.FormatException;

/**
 * Rotary positions (Su et al. 2021): by how much each pair of a head's numbers is turned at a position, in the ways in
 * which checkpoints stretch them to longer texts.
 *
 * <p>The text is the specification; the order of operations is Hugging Face's. Up to the model's own limit dynamic
 * stretching changes nothing, so it is the plain form here.
 */
final class Rotary {

    static final List<String> KINDS = List.of("default", "linear", "dynamic", "llama3", "yarn");

    // K SIZE (of a head), T columns
    private static final String COMMON = """
            # THETA to the powers 0, 2/K, 4/K ...: the wavelengths over two pi, (K/2)
            def wavelengths(self, like: Tensor) -> Tensor:
              i = torch.sub(torch.cumsum(torch.new_ones(like, [HALF], dtype=6), 0), 1)
              return torch.pow(THETA, torch.div(torch.mul(i, 2), SIZE))

            # cosine and sine of every turn, (T, K) each
            def turns(self, grid: Tensor) -> Tuple[Tensor, Tensor]:
              T = torch.size(grid, 1)
              at = torch.sub(torch.cumsum(torch.new_ones(grid, [T], dtype=6), 0), 1)
              angle = torch.mul(torch.unsqueeze(at, 1), torch.unsqueeze(self.frequencies(grid), 0))  # (T, K/2)
              both = torch.cat([angle, angle], -1)
              return (torch.mul(torch.cos(both), LONGER), torch.mul(torch.sin(both), LONGER))

            # x (B, H, T, K) turned
            def turned(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
              half = torch.chunk(x, 2, -1)
              across = torch.cat([torch.neg(half[1]), half[0]], -1)
              return torch.add(torch.mul(x, torch.type_as(cos, x)), torch.mul(across, torch.type_as(sin, x)))
            """;

    private static final String PLAIN = COMMON + """

            def frequencies(self, like: Tensor) -> Tensor:
              return torch.reciprocal(self.wavelengths(like))
            """;

    private static final String LINEAR = COMMON + """

            def frequencies(self, like: Tensor) -> Tensor:
              return torch.div(torch.reciprocal(self.wavelengths(like)), FACTOR)
            """;

    // Llama 3.1: long waves are stretched, short ones not, those between in part
    private static final String LLAMA3 = COMMON + """

            def frequencies(self, like: Tensor) -> Tensor:
              plain = torch.reciprocal(self.wavelengths(like))
              wave = torch.mul(torch.reciprocal(plain), 6.283185307179586)
              long = torch.where(torch.gt(wave, LONGEST), torch.div(plain, FACTOR), plain)
              part = torch.div(torch.sub(torch.mul(torch.reciprocal(wave), ORIGINAL), LOW), SPAN)
              some = torch.add(torch.div(torch.mul(torch.rsub(part, 1), long), FACTOR), torch.mul(part, long))
              between = torch.logical_and(torch.ge(wave, SHORTEST), torch.le(wave, LONGEST))
              return torch.where(between, some, long)
            """;

    // YaRN (Peng et al. 2023), section 3.2
    private static final String YARN = COMMON + """

            def frequencies(self, like: Tensor) -> Tensor:
              wave = self.wavelengths(like)
              plain = torch.reciprocal(wave)
              long = torch.reciprocal(torch.mul(wave, FACTOR))
              i = torch.sub(torch.cumsum(torch.new_ones(like, [HALF], dtype=6), 0), 1)
              kept = torch.rsub(torch.clamp(torch.div(torch.sub(i, FIRST), RAMP), 0, 1), 1)
              return torch.add(torch.mul(long, torch.rsub(kept, 1)), torch.mul(plain, kept))
            """;

    private final String text;

    private Rotary(String text) {
        this.text = text;
    }

    /**
     * Returns the rotary positions that a configuration asks for.
     *
     * @param size of a head
     * @param otherwiseTheta the base where config.json has none
     */
    static Rotary of(Config config, int size, double otherwiseTheta) {
        Config more = config.section("rope_parameters")
                .or(() -> config.section("rope_scaling"))
                .orElseGet(Config::empty);
        double theta = more.number("rope_theta", config.number("rope_theta", otherwiseTheta));
        double turned = config.number("partial_rotary_factor", 1);
        if (size % 2 != 0 || turned != 1) {
            throw new FormatException(
                    "config.json",
                    "rotary positions must turn a whole head of even size; got heads of " + size
                            + ", partial_rotary_factor " + turned);
        }
        String kind = more.text("rope_type", more.text("type", "default"));
        Rotary form =
                switch (kind) {
                    case "default", "dynamic" -> new Rotary(PLAIN).with("LONGER", 1);
                    case "linear" ->
                        new Rotary(LINEAR).with("FACTOR", more.number("factor")).with("LONGER", 1);
                    case "llama3" -> llama3(more);
                    case "yarn" -> yarn(config, more, size, theta);
                    default ->
                        throw new FormatException(
                                "config.json", "rope_type must be one of " + KINDS + "; got \"" + kind + "\"");
                };
        return form.with("THETA", theta).with("HALF", size / 2).with("SIZE", size);
    }

    private static Rotary llama3(Config more) {
        double low = more.number("low_freq_factor");
        double high = more.number("high_freq_factor");
        double original = more.number("original_max_position_embeddings");
        return new Rotary(LLAMA3)
                .with("FACTOR", more.number("factor"))
                .with("LONGEST", original / low)
                .with("SHORTEST", original / high)
                .with("ORIGINAL", original)
                .with("LOW", low)
                .with("SPAN", high - low)
                .with("LONGER", 1);
    }

    private static Rotary yarn(Config config, Config more, int size, double theta) {
        double factor = more.number("factor");
        double original = more.number("original_max_position_embeddings", config.number("max_position_embeddings"));
        double first = turning(more.number("beta_fast", 32), size, theta, original);
        double last = turning(more.number("beta_slow", 1), size, theta, original);
        if (more.flag("truncate", true)) {
            first = Math.floor(first);
            last = Math.ceil(last);
        }
        first = Math.max(first, 0);
        last = Math.min(last, size - 1);
        double own = more.number("mscale", 0);
        double all = more.number("mscale_all_dim", 0);
        double longer = own != 0 && all != 0 ? longer(factor, own) / longer(factor, all) : longer(factor, 1);
        return new Rotary(YARN)
                .with("FACTOR", factor)
                .with("FIRST", first)
                .with("RAMP", first == last ? 0.001 : last - first)
                .with("LONGER", more.number("attention_factor", longer));
    }

    // the pair of numbers that turns so many times over the original length
    private static double turning(double times, int size, double theta, double original) {
        return size * Math.log(original / (times * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double longer(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private Rotary with(String word, double value) {
        return new Rotary(text.replaceAll("\\b" + word + "\\b", Double.toString(value)));
    }

    private Rotary with(String word, int value) {
        return new Rotary(text.replaceAll("\\b" + word + "\\b", String.valueOf(value)));
    }

    /** Returns the functions {@code turns(grid)} and {@code turned(x, cos, sin)}. */
    String script() {
        return text;
    }
}
