// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.picture.Gallery;
import org.lamella.notebook.internal.picture.Picture;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** Makes the bundles of one session: it counts the charts and sends Plotly with the first live one. */
public final class Pages {

    private static final int MOST_OF_A_RECIPE = 140;

    private final AtomicInteger charts;
    private final AtomicBoolean sent;
    private final ChartMode mode;

    private Pages(ChartMode mode, AtomicInteger charts, AtomicBoolean sent) {
        this.mode = mode;
        this.charts = charts;
        this.sent = sent;
    }

    /** Returns the pages of a new session. */
    public static Pages of(ChartMode mode) {
        return new Pages(mode, new AtomicInteger(), new AtomicBoolean());
    }

    /** Returns the pages of the same session that show charts in another way. */
    public Pages mode(ChartMode newMode) {
        return new Pages(newMode, charts, sent);
    }

    /** Returns the version of Plotly that live charts use, or nothing when it is not on the class path. */
    public static Optional<String> plotly() {
        return PlotlyScript.version();
    }

    /** Returns the bundle of a table: its first rows and its size. */
    public Bundle of(Table table) {
        TableView view = TableView.of(table);
        return Bundle.of(TableHtml.of(view), TableText.of(view));
    }

    /** Returns the bundle of a figure: picture, live chart, PNG and one sentence. */
    public Bundle of(Figure figure) {
        Picture picture = Picture.of(figure);
        return pictured(Bundle.of(html(picture), picture.sentence()), picture);
    }

    /** Returns the bundle of a listing; a result shows its table, its picture, its warnings and where it is from. */
    public Bundle of(Listing listing) {
        if (listing instanceof Gallery gallery) {
            return Bundle.of(GalleryHtml.of(gallery), TableText.of(TableView.of(gallery.table())));
        }
        return listing instanceof Result result ? result(result) : of(listing.table());
    }

    private Bundle result(Result result) {
        TableView view = TableView.of(result.table());
        Provenance provenance = result.provenance();
        Picture picture = Picture.of(result.chart());
        String html = TableHtml.of(view)
                + "<div style=\"margin-top:10px\">" + html(picture) + "</div>"
                + warnings(provenance.warnings())
                + "<div style=\"color:#808080;font-size:85%;padding:3px 10px\">" + Html.escape(origin(provenance))
                + "</div>";
        String careful = provenance.warnings().stream()
                .map(warning -> "\ncareful: " + warning)
                .collect(Collectors.joining());
        return pictured(Bundle.of(html, TableText.of(view) + "\n" + picture.sentence() + careful), picture);
    }

    private static String warnings(List<String> warnings) {
        return warnings.stream()
                .map(warning -> "<div style=\"border-left:4px solid #E69F00;padding:4px 10px;margin:6px 0;"
                        + "text-align:left\"><b>careful:</b> " + Html.escape(warning) + "</div>")
                .collect(Collectors.joining());
    }

    // one line; the facts and the whole recipe are one call away
    private static String origin(Provenance provenance) {
        String recipe = provenance.recipe().replaceAll("\\s+", " ").strip();
        String shortened = recipe.length() <= MOST_OF_A_RECIPE ? recipe : TableHtml.cut(recipe, MOST_OF_A_RECIPE);
        String seed = provenance.facts().entrySet().stream()
                .filter(fact -> fact.getKey().toLowerCase(java.util.Locale.ROOT).contains("seed"))
                .map(fact -> ", " + fact.getKey() + " " + fact.getValue())
                .collect(Collectors.joining());
        return "from " + shortened + seed + "; more in .provenance()";
    }

    private String html(Picture picture) {
        if (mode == ChartMode.STATIC) {
            return ChartHtml.still(picture);
        }
        String chart = ChartHtml.live(picture, charts.incrementAndGet());
        return sent.getAndSet(true) ? chart : chart + PlotlyScript.element().orElse("");
    }

    // beside Plotly's JSON a picture would be shown first, and larger than the chart
    private Bundle pictured(Bundle bundle, Picture picture) {
        return mode == ChartMode.JSON
                ? bundle.with(Bundle.PLOTLY, picture.words())
                : picture.png()
                        .map(png -> bundle.png(png, picture.width(), picture.height()))
                        .orElse(bundle);
    }
}
