// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.FormatException;

/**
 * An activation function as Hugging Face names it and TorchScript writes it.
 *
 * @param name the name in config.json
 * @param function the TorchScript function
 * @param options what follows its argument
 */
record Activation(String name, String function, String options) {

    private static final List<Activation> KNOWN = List.of(
            new Activation("gelu", "torch.gelu", ""),
            new Activation("gelu_new", "torch.gelu", ", approximate=\"tanh\""),
            new Activation("gelu_pytorch_tanh", "torch.gelu", ", approximate=\"tanh\""),
            new Activation("quick_gelu", "self.quick_gelu", ""),
            new Activation("relu", "torch.relu", ""),
            new Activation("silu", "torch.silu", ""));

    static Activation named(String field, String name) {
        return KNOWN.stream()
                .filter(activation -> activation.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        "config.json",
                        field + " must be one of "
                                + KNOWN.stream().map(Activation::name).toList() + "; got \"" + name + "\""));
    }
}
