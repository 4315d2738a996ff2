// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.base.Sample;
import org.lamella.data.Split;

/**
 * A sample that is known from an adapter's file only: by its name and a fingerprint of each of its examples.
 *
 * @param name how the sample was made
 * @param examples fingerprints of the examples
 */
record RecordedSample(String name, Set<String> examples) implements Sample {

    RecordedSample {
        examples = Set.copyOf(examples);
    }

    static RecordedSample of(Sample sample) {
        if (sample instanceof RecordedSample recorded) {
            return recorded;
        }
        return new RecordedSample(sample.name(), sample instanceof Split split ? fingerprints(split) : Set.of());
    }

    /** Returns samples as they are written into the header of an adapter's file. */
    static String json(List<Sample> samples) {
        return new Gson()
                .toJson(samples.stream()
                        .map(RecordedSample::of)
                        .map(r -> new Written(r.name, new TreeSet<>(r.examples)))
                        .toList());
    }

    // sorted, so that the same adapter is the same file
    private record Written(String name, TreeSet<String> examples) {}

    // 40 bits an example: short in the file, and two texts in a million collide once in a while at most
    private static Set<String> fingerprints(Split split) {
        Set<String> prints = new TreeSet<>();
        for (int i = 0; i < split.size(); i++) {
            prints.add(split.only(i).hash().substring(0, 10));
        }
        return prints;
    }

    @Override
    public boolean overlaps(Sample other) {
        return of(other).examples.stream().anyMatch(examples::contains);
    }
}
