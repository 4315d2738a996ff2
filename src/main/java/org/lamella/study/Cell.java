// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One choice of levels.
 *
 * @param levels the level of each factor, by the factor's name
 * @param experiment the experiment that they make, of any seed
 */
record Cell(Map<String, String> levels, Experiment experiment) {

    Cell {
        levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
    }

    /** Returns every combination of levels, the last factor changing fastest. */
    static List<Cell> of(Experiment experiment, List<Factor> factors) {
        List<Cell> cells = List.of(new Cell(Map.of(), experiment));
        for (Factor factor : factors) {
            List<Cell> finer = new ArrayList<>();
            for (Cell cell : cells) {
                factor.levels().forEach((level, change) -> {
                    Map<String, String> more = new LinkedHashMap<>(cell.levels);
                    more.put(factor.name(), level);
                    finer.add(new Cell(more, change.apply(cell.experiment)));
                });
            }
            cells = finer;
        }
        return List.copyOf(cells);
    }

    /** Returns what a person calls it: its levels, for instance {@code middle, 16}. */
    String name() {
        return levels.isEmpty() ? "as it is" : String.join(", ", levels.values());
    }
}
