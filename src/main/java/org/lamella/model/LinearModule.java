// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * A linear module of a layer: what an adapter can be put on.
 *
 * @param name its path inside a layer, for instance {@code attention.self.query}
 * @param inputs the width of what goes in
 * @param outputs the width of what comes out
 */
public record LinearModule(String name, int inputs, int outputs) {

    /** Returns whether a target name means this module: its path, or the end of it after a dot, as PEFT matches. */
    public boolean isMeantBy(String target) {
        return name.equals(target) || name.endsWith("." + target);
    }
}
