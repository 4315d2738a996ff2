// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.List;

/**
 * What Python computes when it is asked for: the keys or entries of a map, a range of numbers.
 *
 * @param name before the list in print
 * @param all what it holds
 * @param indexed whether one entry can be asked for
 */
record View(String name, List<Object> all, boolean indexed) {}
