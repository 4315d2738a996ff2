// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lamella.base.Names;
import org.lamella.data.Home;

/** Which file of a person's data holds which programming problems. */
final class CodeShelf {

    /**
     * One benchmark.
     *
     * @param folder below the person's data
     * @param file in it, or the same packed
     * @param read what reads it
     */
    private record Place(String folder, String file, Function<Path, List<CodeProblem>> read) {}

    private static final Map<String, Place> PLACES = new TreeMap<>(Map.of(
            "humaneval", new Place("humaneval", "HumanEval.jsonl", CodeProblem::humanEval),
            "humaneval-plus", new Place("humaneval-plus", "HumanEvalPlus.jsonl", CodeProblem::humanEvalPlus),
            "mbpp", new Place("mbpp", "mbpp.jsonl", CodeProblem::mbpp),
            "mbpp-base", new Place("mbpp-plus", "MbppPlus.jsonl", CodeProblem::mbppBase),
            "mbpp-plus", new Place("mbpp-plus", "MbppPlus.jsonl", CodeProblem::mbppPlus)));

    private CodeShelf() {}

    static List<CodeProblem> load(String name) {
        Place place = PLACES.get(name);
        if (place == null) {
            throw new IllegalArgumentException("problems must be one of " + String.join(", ", PLACES.keySet())
                    + "; got \"" + name + "\"" + Names.didYouMean(name, PLACES.keySet()));
        }
        Optional<Path> folder = Home.data().map(data -> data.resolve(place.folder()));
        return folder.stream()
                .flatMap(each -> Stream.of(each.resolve(place.file()), each.resolve(place.file() + ".gz")))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(place.read())
                .orElseThrow(() -> new IllegalStateException(name + " must lie in $LAMELLA_DATA/" + place.folder()
                        + " as " + place.file() + " or " + place.file() + ".gz; got "
                        + folder.map(each -> "none in " + each).orElse("no LAMELLA_DATA")));
    }
}
