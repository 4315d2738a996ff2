// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.model.Transformer;

/** Begins the provenance of a scoring: which model, which texts, with which call. */
final class ScoreNotes {

    private ScoreNotes() {}

    /**
     * Notes a scoring that starts now.
     *
     * @param verb what is called, for instance {@code Cka.scoreLayers}
     * @param more further arguments as code, each with a comma before it
     */
    static Provenance begin(String verb, Transformer model, Split split, String more) {
        return begin("scores", verb, model, split, more);
    }

    /** Notes work whose outcome has that name. */
    static Provenance begin(String outcome, String verb, Transformer model, Split split, String more) {
        String lines = "var model = " + model.recipe() + ";\nvar " + outcome + " = " + verb + "(model, "
                + split.recipe() + more + ");";
        return model.provenance(split, lines);
    }

    /** Returns a seed as a further argument; nothing for 0. */
    static String seed(long seed) {
        return seed == 0 ? "" : ", " + seed;
    }

    /** Returns a protocol as a further argument; nothing for the corrected one. */
    static String protocol(Protocol protocol) {
        return protocol.equals(Protocol.corrected()) ? "" : ", " + protocol.code();
    }
}
