// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

/**
 * One thing that is wrong with an adapter's folder, or worth knowing.
 *
 * @param severity how much it matters
 * @param where the field, tensor or file
 * @param problem what is wrong, with the value
 * @param consequence what PEFT does about it, mostly without a word
 * @param remedy what a person does about it
 */
public record Finding(Severity severity, String where, String problem, String consequence, String remedy) {

    /** How much a finding matters. */
    public enum Severity {
        /** It cannot be loaded, or answers otherwise than it was trained to. */
        ERROR,
        /** It says something else than it does, or goes wrong for others or when it is saved again. */
        WARNING,
        /** Nothing goes wrong. */
        NOTE
    }

    static Finding error(String where, String problem, String consequence, String remedy) {
        return new Finding(Severity.ERROR, where, problem, consequence, remedy);
    }

    static Finding warning(String where, String problem, String consequence, String remedy) {
        return new Finding(Severity.WARNING, where, problem, consequence, remedy);
    }

    static Finding note(String where, String problem, String consequence, String remedy) {
        return new Finding(Severity.NOTE, where, problem, consequence, remedy);
    }
}
