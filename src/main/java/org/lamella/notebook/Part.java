// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

/**
 * What the doctor says about one part of a machine.
 *
 * @param name the part
 * @param ok whether it is as it should be
 * @param seen what was seen
 * @param remedy what to do; empty when nothing is to be done
 */
record Part(String name, boolean ok, String seen, String remedy) {

    static Part ok(String name, String seen) {
        return new Part(name, true, seen, "");
    }

    static Part missing(String name, String seen, String remedy) {
        return new Part(name, false, seen, remedy);
    }

    static Part of(String name, boolean ok, String seen, String remedy) {
        return new Part(name, ok, seen, ok ? "" : remedy);
    }
}
