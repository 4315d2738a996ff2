// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;

/**
 * Where an adapter's pairs sit in its model.
 *
 * @param stem the path of the list of layers in a model with a head, for instance {@code bert.encoder.layer}
 * @param linears the linear modules of a layer; for an adapter that has not met its model, those with pairs
 */
record Place(String stem, List<LinearModule> linears) {

    Place {
        linears = List.copyOf(linears);
    }

    /** Where nothing is said yet. */
    static final Place UNKNOWN = new Place("", List.of());

    /** Returns this place in a model: its modules, and its own stem, which an adapter of an encoder alone has shorter. */
    Place in(Transformer model) {
        String first = model.modulePath(0, model.linears().get(0));
        String whole = first.substring(
                0, first.length() - model.linears().get(0).name().length() - ".0.".length());
        return new Place(stem.isEmpty() ? whole : stem, model.linears());
    }

    /** Returns whether these are the layers of a vision tower that is a model by itself. */
    boolean ofTower() {
        return stem.startsWith("vision_model.");
    }

    /** Returns whether these are the layers of a language beside a vision tower. */
    boolean besideTower() {
        return stem.contains("language_model.");
    }

    /** Returns the full path of a module. */
    String path(int layer, String module) {
        return stem + "." + layer + "." + module;
    }

    /** Returns the name by which PEFT finds the layer number in a path: the last part of the stem. */
    String pattern() {
        return stem.substring(stem.lastIndexOf('.') + 1);
    }

    /** Returns the module that stands for none when nothing is kept. */
    LinearModule silent() {
        return linears.get(0);
    }
}
