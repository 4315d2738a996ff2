// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import org.lamella.base.FormatException;
import org.lamella.model.Architecture.Weight;

/**
 * How a decoder sees: the tower that reads pictures, which of its states are taken, the projector that makes them as wide as
 * words, and the token in whose place they stand.
 *
 * @param tower the tower
 * @param states which states of the tower are taken, side by side: 0 for its embedding output, i + 1 for that of layer i
 * @param patchesOnly whether the class token is left out ({@code default} in config.json, else {@code full})
 * @param projector the weights of the projector, in the order in which its function takes them
 * @param activation between its two matrices
 * @param mark the number of the token that stands for a patch
 * @param entering the expression of what the layers of the language read in place of a projected patch {@code f}
 */
record Vision(
        ClipVision tower,
        List<Integer> states,
        boolean patchesOnly,
        List<Weight> projector,
        Activation activation,
        long mark,
        String entering) {

    private static final String PATH = "model.multi_modal_projector.";

    // I pictures, P tokens of each, N tokens of text, E width of the tower, D of the text
    private static final String SCRIPT = """
            # the states x of some tokens, side by side: (I (T or P), E) each -> (I P, E n)
            def taken(self, x: List[Tensor], rows: Tensor) -> Tensor:
              if torch.numel(rows) > 0:
                y = torch.index_select(torch.cat(x, 1), 0, rows)
              else:
                y = torch.cat(x, 1)
              return y

            # embedded words (N, D) with projected patches x (I P, E n) at the places marks (I P)
            def over(self, words: Tensor, marks: Tensor, x: Tensor, w: List[Tensor]) -> Tensor:
              h = ACTIVATION(torch.linear(x, w[0], FIRST)OPTIONS)
              y = torch.linear(h, w[SECOND], LAST)
              f = torch.type_as(y, words)
              return torch.index_copy(words, 0, marks, ENTERING)

            def copy(self, x: Tensor) -> Tensor:
              return torch.clone(x)
            """;

    static Vision of(Config config, Architecture language) {
        Config seeing = config.section("vision_config")
                .orElseThrow(() -> new FormatException(
                        "config.json",
                        "vision_config must be there; got " + config.json().keySet()));
        ClipVision tower = new ClipVision(ClipVision.requireClip(seeing), LlavaDecoder.TOWER);
        String strategy = config.text("vision_feature_select_strategy", "default");
        if (!strategy.equals("default") && !strategy.equals("full")) {
            throw new FormatException(
                    "config.json",
                    "vision_feature_select_strategy must be \"default\" or \"full\"; got \"" + strategy + "\"");
        }
        List<Integer> states = states(config, tower.depth());
        boolean biased = config.flag("multimodal_projector_bias", true);
        List<Weight> projector = new ArrayList<>();
        int width = language.width();
        linear(projector, "linear_1", (long) tower.width() * states.size(), width, biased);
        linear(projector, "linear_2", width, width, biased);
        Activation activation = Activation.named("projector_hidden_act", config.text("projector_hidden_act", "gelu"));
        return new Vision(
                tower,
                states,
                strategy.equals("default"),
                List.copyOf(projector),
                activation,
                mark(config, language.vocabulary()),
                language.entering("f"));
    }

    // counted from the last state backwards where negative, as Python does
    private static List<Integer> states(Config config, int depth) {
        List<Double> given =
                config.has("vision_feature_layer") ? config.numbers("vision_feature_layer") : List.of(-2.0);
        List<Integer> states = given.stream()
                .map(number -> (int) (number < 0 ? depth + 1 + number : number))
                .toList();
        if (states.isEmpty() || states.stream().anyMatch(state -> state < 0 || state > depth)) {
            throw new FormatException(
                    "config.json",
                    "vision_feature_layer must be " + (-depth - 1) + " to " + depth + ", a state of the tower; got "
                            + given);
        }
        return states;
    }

    private static void linear(List<Weight> weights, String name, long inputs, long outputs, boolean biased) {
        weights.add(Weight.of(PATH + name + ".weight", outputs, inputs));
        if (biased) {
            weights.add(Weight.of(PATH + name + ".bias", outputs));
        }
    }

    private static long mark(Config config, int vocabulary) {
        String field = config.has("image_token_index") ? "image_token_index" : "image_token_id";
        List<Long> mark = config.has(field) ? config.tokens(field, vocabulary) : List.of(32000L);
        return mark.get(0);
    }

    /** Returns how many tokens stand for a picture. */
    int places() {
        return tower.patches() + (patchesOnly ? 0 : 1);
    }

    /** Returns the highest layer of the tower that is needed, one more than its index. */
    int height() {
        return states.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** Returns the functions of the projector. */
    String script() {
        boolean biased = projector.size() == 4;
        return SCRIPT.replace("ACTIVATION", activation.function())
                .replace("OPTIONS", activation.options())
                .replace("FIRST", biased ? "w[1]" : "None")
                .replace("SECOND", biased ? "2" : "1")
                .replace("ENTERING", entering)
                .replace("LAST", biased ? "w[3]" : "None");
    }
}
