// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import org.lamella.base.LayerSet;

/**
 * A choice of layers that the paper's code publishes.
 *
 * @param model the model
 * @param data the GLUE task, {@code metamath}, {@code python} or {@code scienceqa}
 * @param layers the chosen half of its layers
 */
public record PublishedMask(String model, String data, LayerSet layers) {

    // scripts of github.com/c2d-usp/Layer-wise-LoRA-with-CKA, commit 6ce696d; those of decoders are the same for LoRA
    // and
    // PiSSA
    private static final List<PublishedMask> ALL = read("""
            roberta-base    mnli      000110110011
            roberta-base    sst2      000000111111
            roberta-base    mrpc      010110010011
            roberta-base    cola      000110110110
            roberta-base    qnli      000110110011
            roberta-base    qqp       010100110011
            roberta-base    rte       011100100011
            roberta-base    stsb      010100110011
            deberta-v3-base mnli      000011001111
            deberta-v3-base sst2      000011001111
            deberta-v3-base mrpc      000011101011
            deberta-v3-base cola      010011101010
            deberta-v3-base qnli      000011001111
            deberta-v3-base qqp       000110001111
            deberta-v3-base rte       000110001111
            deberta-v3-base stsb      011010001011
            llama-2-7b      metamath  11111111111011101000000000000001
            llama-2-7b      python    11111111110111001010000000000001
            mistral-7b      metamath  11111111111110100010000000000001
            mistral-7b      python    11111111111100010110000000000001
            gemma-7b        metamath  0111111111100000000100000111
            gemma-7b        python    1111111110100000001000000111
            llava-1.5-7b    scienceqa 01010111111111111010000000000001
            """);

    private static List<PublishedMask> read(String rows) {
        return rows.lines()
                .map(line -> line.strip().split(" +"))
                .map(cells -> new PublishedMask(cells[0], cells[1], LayerSet.parse(cells[2])))
                .toList();
    }

    static List<PublishedMask> all() {
        return ALL;
    }

    static PublishedMask of(String model, String data) {
        GlueSettings.require(
                "model",
                model,
                ALL.stream().map(PublishedMask::model).distinct().toList());
        List<PublishedMask> own =
                ALL.stream().filter(mask -> mask.model.equals(model)).toList();
        GlueSettings.require("data", data, own.stream().map(PublishedMask::data).toList());
        return own.stream().filter(mask -> mask.data.equals(data)).findFirst().orElseThrow();
    }
}
