// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.Choice;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Predictions;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The rules on curves whose rise is planted. */
final class CurveRulesTest {

    private static int place(CurveRule rule, double... adapted) {
        double[] gap = Arrays.stream(adapted).map(value -> value - adapted[0]).toArray();
        double[] errors = new double[adapted.length];
        Arrays.fill(errors, 0.02);
        return rule.place().applyAsInt(new CurveRule.Seen(adapted, gap, errors));
    }

    @Test
    void eachRuleFindsThePlantedRise() {
        double[] step = {0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9};

        assertThat(place(CurveRule.onset(0.1), step)).isEqualTo(3);
        assertThat(place(CurveRule.knee(), step)).isEqualTo(3);
        assertThat(place(CurveRule.steepest(), step)).isEqualTo(3);
        assertThat(place(CurveRule.twoPieces(), step)).isEqualTo(3);
        assertThat(place(CurveRule.divergence(), step)).isEqualTo(3);
    }

    @Test
    void onASlowRiseTheyDifferAsTheirNamesSay() {
        double[] hockey = {0.0, 0.0, 0.0, 0.05, 0.1, 0.3, 0.5, 0.9, 1.0};

        assertThat(place(CurveRule.onset(0.05), hockey)).isEqualTo(2);
        assertThat(place(CurveRule.onset(0.1), hockey)).isEqualTo(3);
        assertThat(place(CurveRule.onset(0.2), hockey)).isEqualTo(4);
        assertThat(place(CurveRule.knee(), hockey)).isEqualTo(4);
        assertThat(place(CurveRule.steepest(), hockey)).isEqualTo(6);
    }

    @Test
    void aCurveThatNeverLeavesTheBareOneHasNoDivergence() {
        double[] flat = {0.1, 0.1, 0.1, 0.1};
        double[] onceOnly = {0.1, 0.3, 0.1, 0.1};

        assertThat(place(CurveRule.divergence(), flat)).isEqualTo(3);
        assertThat(place(CurveRule.divergence(), onceOnly)).isEqualTo(3);
        assertThat(place(CurveRule.onset(0.1), flat)).isZero();
    }

    // the truth's logit at each of the points, noise added
    private static List<Predictions> points(Split split, double noise, long seed, double... logits) {
        SplittableRandom random = new SplittableRandom(seed);
        return Arrays.stream(logits)
                .mapToObj(logit -> {
                    double[] rows = IntStream.range(0, split.size())
                            .boxed()
                            .flatMapToDouble(i -> {
                                double own = logit + noise * random.nextGaussian();
                                return split.example(i).label() == 0
                                        ? Arrays.stream(new double[] {own, 0})
                                        : Arrays.stream(new double[] {0, own});
                            })
                            .toArray();
                    return Predictions.of(split, Matrix.of(split.size(), 2, rows));
                })
                .toList();
    }

    private static Split split(int n) {
        return Task.from(Table.create(
                        "words",
                        StringColumn.create("text", IntStream.range(0, n).mapToObj(i -> "text " + i)),
                        StringColumn.create("label", IntStream.range(0, n).mapToObj(i -> i % 2 == 0 ? "a" : "b"))))
                .text("text")
                .label("label")
                .train();
    }

    private static Trace trace(int n, double noise) {
        Split split = split(n);
        double[] rise = {-2, -2, -2, -2, 2, 3, 3};
        double[] none = {-2, -2, -2, -2, -2, -2, -2};
        Readings.Pair read = new Readings.Pair(points(split, noise, 1, rise), points(split, noise, 2, none));
        return Trace.of(read, Provenance.of("var trace = Boundary.trace(model, adapter, split);"));
    }

    @Test
    void aClearRiseIsFoundByAllSurelyAndByHalves() {
        Table table = trace(60, 0.2).rules().table();

        assertThat(table.intColumn("boundary").asList()).containsOnly(3);
        assertThat(table.doubleColumn("low").asList()).containsOnly(3.0);
        assertThat(table.doubleColumn("high").asList()).containsOnly(3.0);
        assertThat(table.doubleColumn("halves agree").min()).isGreaterThan(0.95);
    }

    @Test
    void anUnclearOneSaysSo() {
        CurveRules rules = trace(6, 6).rules();

        Table table = rules.table();
        assertThat(table.doubleColumn("high")
                        .subtract(table.doubleColumn("low"))
                        .max())
                .isGreaterThan(1);
        assertThat(table.doubleColumn("halves agree").min()).isLessThan(0.9);
        assertThat(rules.provenance().warnings())
                .contains("boundaries were found by looking at train: report on other examples");
    }

    @Test
    void lessLossIsARiseToo() {
        assertThat(trace(60, 0.2).in(Measure.LOSS).rules().boundary().value()).isEqualTo(3);
        assertThat(trace(60, 0.2)
                        .in(Measure.RANK)
                        .rules()
                        .boundary("steepest rise")
                        .value())
                .isEqualTo(3);
    }

    @Test
    void aPersonsOwnIsNotedWithWhoAndWhat() {
        Trace trace = trace(60, 0.2);
        CurveRules rules = trace.rules()
                .byHand(2, "Ada", "the trace, where it leaves the floor")
                .beside("sweep", new Choice(5, "lowest loss", split(3)));

        Table table = rules.table();
        int last = table.rowCount() - 1;
        assertThat(table.stringColumn("rule").get(last - 1)).isEqualTo("by hand");
        assertThat(table.stringColumn("by").get(last - 1)).isEqualTo("Ada, the trace, where it leaves the floor");
        assertThat(table.doubleColumn("low").isMissing(last)).isTrue();
        assertThat(rules.boundary("by hand").toString())
                .isEqualTo("2 (by hand: Ada, the trace, where it leaves the floor on train)");
        assertThat(rules.provenance().recipe())
                .endsWith(".rules().byHand(2, \"Ada\", \"the trace, where it leaves the floor\").beside(\"sweep\","
                        + " new Choice(5, \"lowest loss\", " + split(3).recipe() + "));");
        assertThat(rules.toString()).endsWith("; all 9 from 2 to 5.");
        assertThat(rules.boundary().rule()).isEqualTo("onset at 0.10 of the probability of the truth");
        assertThatThrownBy(() -> rules.byHand(7, "Ada", "x")).hasMessage("boundary must be 0 to 6; got 7");
        assertThatThrownBy(() -> rules.byHand(1, " ", "x"))
                .hasMessage(
                        "who and picture must say who set the boundary and what they looked at; got \" \" and \"x\"");
        assertThatThrownBy(() -> rules.boundary("kne"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"knee\"?");
    }
}
