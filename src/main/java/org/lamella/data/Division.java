// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamella.base.Seed;

/** Which examples are train, validation and test: what was given, and what is held out of train for the rest. */
final class Division {

    /**
     * How much is held out of train for a part that is not given.
     *
     * @param validation the share of what is left after the test part was taken
     * @param test the share of all
     * @param seed where the draws come from
     */
    record Shares(double validation, double test, long seed) {

        static final Shares STANDARD = new Shares(0.1, 0.2, 0);

        Shares {
            require("validation", validation);
            require("test", test);
        }

        private static void require(String part, double share) {
            if (!(share >= 0 && share < 1)) {
                throw new IllegalArgumentException(part + " must be a share of at least 0 and below 1; got " + share);
            }
        }

        Shares validation(double share) {
            return new Shares(share, test, seed);
        }

        Shares test(double share) {
            return new Shares(validation, share, seed);
        }

        Shares seed(long other) {
            return new Shares(validation, test, other);
        }
    }

    private final Map<String, Part> given;
    private final Task.Kind kind;
    private final Map<String, int[]> rows = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    private Division(Map<String, Part> given, Task.Kind kind) {
        this.given = given;
        this.kind = kind;
    }

    /** Divides the given parts, of which there must be {@code train}; held out are those that are not given. */
    static Division of(Map<String, Part> given, Task.Kind kind, int labels, Shares shares) {
        Division division = new Division(given, kind);
        division.noteWhatIsOdd();
        division.rows.put("train", all(division.part("train")));
        division.divide("test", shares.test(), labels, shares.seed());
        division.divide("validation", shares.validation(), labels, shares.seed());
        return division;
    }

    /** Returns the same division of parts whose examples are the same, said otherwise. */
    Division over(Map<String, Part> said) {
        Division same = new Division(said, kind);
        same.rows.putAll(rows);
        same.notes.addAll(notes);
        return same;
    }

    /** Returns the part whose examples the named split is made of. */
    Part part(String name) {
        Part part = given.get(name);
        return part != null ? part : requireTrain();
    }

    private Part requireTrain() {
        Part train = given.get("train");
        if (train == null) {
            throw new IllegalStateException("parts must hold train; got " + given.keySet());
        }
        return train;
    }

    /** Returns the rows of the part that the named split holds. */
    int[] rows(String name) {
        return rows.getOrDefault(name, new int[0]);
    }

    /** Returns what was done to the data and what is odd about it. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private static int[] all(Part part) {
        return IntStream.range(0, part.examples().size()).toArray();
    }

    private void divide(String name, double share, int labels, long seed) {
        Part own = given.get(name);
        if (own != null) {
            rows.put(name, all(own));
            return;
        }
        Part train = requireTrain();
        int[] from = rows("train");
        int[] held = Holdout.choose(train.examples(), from, kind, labels, share, new Seed(seed).child(name));
        rows.put(name, held);
        rows.put(
                "train",
                Arrays.stream(from)
                        .filter(row -> Arrays.binarySearch(held, row) < 0)
                        .toArray());
        boolean pictured = train.examples().stream()
                .anyMatch(example -> !example.pictures().isEmpty());
        notes.add(String.format(
                Locale.ROOT,
                "%s: %,d of %,d training examples held out, %s, seed %d, %s kept together",
                name,
                held.length,
                from.length,
                labels > 0 ? "stratified" : "at random",
                seed,
                pictured ? "examples of one picture" : "identical texts"));
    }

    private void noteWhatIsOdd() {
        Set<List<String>> inTrain = new HashSet<>(requireTrain().examples().stream()
                .map(example -> example.asked(kind))
                .toList());
        for (String name : List.of("train", "validation", "test")) {
            Part part = given.get(name);
            if (part == null) {
                continue;
            }
            List<Example> examples = part.examples();
            part.notes().forEach(note -> notes.add(name + ": " + note));
            boolean pairs =
                    examples.stream().anyMatch(example -> example.texts().size() == 2);
            note(
                    name,
                    halves(examples),
                    pairs ? "pair lacks one text" : "text is empty",
                    pairs ? "pairs lack one text" : "texts are empty");
            note(name, unlabelled(examples), "example has no " + kind.truth(), "examples have no " + kind.truth());
            note(name, contradictory(examples), "text carries several labels", "texts carry several labels");
            if (!name.equals("train")) {
                int shared = (int) examples.stream()
                        .map(example -> example.asked(kind))
                        .distinct()
                        .filter(inTrain::contains)
                        .count();
                note(name, shared, "text is also in train", "texts are also in train");
            }
        }
    }

    private void note(String part, int count, String one, String several) {
        if (count > 0) {
            notes.add(String.format(Locale.ROOT, "%s: %,d %s", part, count, count == 1 ? one : several));
        }
    }

    private static int halves(List<Example> examples) {
        return (int) examples.stream()
                .filter(example -> example.texts().stream().anyMatch(String::isBlank))
                .count();
    }

    private int unlabelled(List<Example> examples) {
        return (int) examples.stream().filter(example -> !example.known(kind)).count();
    }

    private static int contradictory(List<Example> examples) {
        Map<List<String>, Set<Integer>> labels = new HashMap<>();
        for (Example example : examples) {
            if (example.label() < 0) {
                continue;
            }
            labels.computeIfAbsent(example.identity(), texts -> new HashSet<>()).add(example.label());
        }
        return (int) labels.values().stream().filter(set -> set.size() > 1).count();
    }
}
