// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks: examples to learn from, divided into train, validation and test, from known names or a person's own tables.
 *
 * <p>Front door: {@link org.lamella.data.Task}. A known task has a {@link org.lamella.data.Card} that says where its
 * files come from and what they must be; set-up fetches them into {@link org.lamella.data.Home}.
 *
 * <pre>{@code
 * Task task = Task.load("reuters-r8");
 * task.summary();                                   // sizes, label counts, lengths, what is cut, what was held out
 * Split sample = task.train().sample(256, 0);       // the same 256 examples each time
 * sample.name();                                    // train.sample(256, 0)
 * sample.example(0).texts();                        // one text, or the two of a pair
 * Task own = Task.from(Path.of("reviews.csv")).text("body").label("stars");
 * own.labels();                                     // as they stand in the file, in alphabetical order
 * own.notes();                                      // what was dropped and what was held out
 * own.test(Path.of("reviews-2025.csv")).test();     // report on a file of its own
 * sample.overlaps(task.test());                     // false
 * Task seen = Task.from(Path.of("shapes.csv")).image("file").label("shape");   // pictures by their addresses
 * }</pre>
 *
 * <p>Words defined here: a <em>task</em> is what to predict with its examples; a <em>part</em> is what was published or
 * given together; a <em>split</em> is examples to use together, in an order; what is not given is <em>held out</em> of
 * train, each label in its share and identical texts kept together.
 */
@NullMarked
package org.lamella.data;

import org.jspecify.annotations.NullMarked;
