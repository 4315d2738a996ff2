// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import java.util.stream.DoubleStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.score.LayerScores;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What "Layer-wise LoRA fine-tuning: a similarity metric approach" (<a href="https://arxiv.org/abs/2602.05988">arXiv
 * 2602.05988</a>) and its code publish: protocols, masks, parameter counts, tables. Nothing is loaded and no weights are
 * needed to look at any of it.
 *
 * <p>Models are {@code roberta-base}, {@code deberta-v3-base}, {@code llama-2-7b}, {@code mistral-7b}, {@code gemma-7b},
 * {@code llava-1.5-7b}; tasks of GLUE {@code mnli, sst2, mrpc, cola, qnli, qqp, rte, stsb}.
 */
public final class Paper {

    private Paper() {}

    /**
     * Returns the protocol of a GLUE row exactly as published.
     *
     * @param model {@code roberta-base} or {@code deberta-v3-base}
     * @param task the task's name in GLUE, in small letters, for instance {@code rte}
     */
    public static GlueProtocol glue(String model, String task) {
        return GlueProtocol.of(model, task);
    }

    /**
     * Returns how a decoder was tuned on instructions, exactly as published, with LoRA; {@code .pissa()} for the other half
     * of the scripts.
     *
     * @param model {@code llama-2-7b}, {@code mistral-7b} or {@code gemma-7b}
     * @param data {@code metamath} or {@code python}
     */
    public static InstructionProtocol instructions(String model, String data) {
        return InstructionProtocol.of(model, data);
    }

    /** Returns how LLaVA-1.5-7B was tuned on the questions of ScienceQA that have a picture, exactly as published. */
    public static PictureProtocol scienceQa() {
        return PictureProtocol.published();
    }

    /** Returns the 23 published masks, one row each: model, data, depth, chosen, mask, layers. */
    public static Listing masks() {
        return Listing.of(() -> {
            List<PublishedMask> all = PublishedMask.all();
            return Table.create(
                    "masks published with arXiv 2602.05988",
                    StringColumn.create("model", all.stream().map(PublishedMask::model)),
                    StringColumn.create("data", all.stream().map(PublishedMask::data)),
                    IntColumn.create(
                            "depth", all.stream().mapToInt(mask -> mask.layers().depth())),
                    IntColumn.create("chosen", all.stream().mapToInt(mask -> mask.layers()
                            .size())),
                    StringColumn.create(
                            "mask", all.stream().map(mask -> mask.layers().mask())),
                    StringColumn.create(
                            "layers",
                            all.stream().map(mask -> mask.layers().indices().toString())));
        });
    }

    /**
     * Returns the published mask of a model.
     *
     * @param model the model
     * @param data the GLUE task, {@code metamath}, {@code python} or {@code scienceqa}
     */
    public static LayerSet mask(String model, String data) {
        return PublishedMask.of(model, data).layers();
    }

    /**
     * Returns our scores beside a published mask: which layers both choose, and by how much each choice was made.
     *
     * @param scores the scores of that model, however they were made
     * @param model the published model
     * @param data the GLUE task, {@code metamath}, {@code python} or {@code scienceqa}
     */
    public static MaskComparison compare(LayerScores scores, String model, String data) {
        return MaskComparison.of(scores, PublishedMask.of(model, data));
    }

    /**
     * Returns how many numbers the pairs of a published model have, r · (inputs + outputs) for each adapted module, computed
     * from its dimensions.
     *
     * @param model the published model
     * @param layers how many layers have pairs, 1 to the model's depth
     * @param rank r
     */
    public static long parameters(String model, int layers, int rank) {
        Dimensions dimensions = Dimensions.of(model);
        if (layers < 1 || layers > dimensions.depth()) {
            throw new IllegalArgumentException(
                    "layers must be 1 to " + dimensions.depth() + ", the depth of " + model + "; got " + layers);
        }
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be at least 1; got " + rank);
        }
        return dimensions.parameters(layers, rank);
    }

    /** Returns the parameters of each published model at its rank, for all layers and for half of them. */
    public static Listing parameters() {
        return Listing.of(() -> {
            List<Dimensions> all = Dimensions.all();
            return Table.create(
                    "trainable parameters of pairs, heads not counted",
                    StringColumn.create("model", all.stream().map(Dimensions::model)),
                    IntColumn.create("depth", all.stream().mapToInt(Dimensions::depth)),
                    IntColumn.create("rank", all.stream().mapToInt(Dimensions::rank)),
                    LongColumn.create(
                            "all layers", all.stream().mapToLong(each -> each.parameters(each.depth(), each.rank()))),
                    LongColumn.create(
                            "half", all.stream().mapToLong(each -> each.parameters(each.depth() / 2, each.rank()))));
        });
    }

    /**
     * Returns a table of the paper as printed, in hundredths. Tables of GLUE have the mean of their values beside the
     * printed one, and a note where the two differ.
     *
     * @param number 1 (GLUE), 2 (decoders), 3 (the middle heuristic), 4 (number of layers) or 5 (rank)
     */
    public static Listing table(int number) {
        if (number < 1 || number > 5) {
            throw new IllegalArgumentException("number must be 1 to 5; got " + number);
        }
        return Listing.of(
                () -> number == 2 || number == 3 ? PublishedDecoder.table(number) : PublishedGlue.table(number));
    }

    /**
     * Returns by how many hundredths the paper's choice beats each positional heuristic on the mean of GLUE with
     * {@code roberta-base}, which its text alone says, and the means that follow from 84.70.
     */
    public static Listing heuristics() {
        return Listing.of(() -> {
            double[] advantages = {1.3, 2.5, 0.2, 1.5, 0.4};
            return Table.create(
                    "heuristics in the text of arXiv 2602.05988, in hundredths",
                    StringColumn.create("layers", "last", "first", "middle", "extremes", "alternate"),
                    DoubleColumn.create("advantage of CKA", advantages),
                    DoubleColumn.create(
                            "implied mean", DoubleStream.of(advantages).map(each -> 84.70 - each)));
        });
    }

    /**
     * Returns the rows of the paper's tables whose printed mean is not that of their values, with the difference. In the row
     * of nine layers the SST-2 of 90.34 is probably a misprint of 94.34.
     */
    public static Listing errata() {
        return PublishedGlue::odd;
    }
}
