// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Pictures beside each other, with some words below each: a cell that ends in one shows a grid. As a table it has a row a
 * picture.
 *
 * @param title what is shown
 * @param captions what the lines below a picture are, for the table: its columns
 * @param tiles the pictures in order
 */
public record Gallery(String title, List<String> captions, List<Tile> tiles) implements Listing {

    /**
     * One picture.
     *
     * @param picture the picture
     * @param lines one a caption
     * @param marked whether it is to be noticed, for instance since a prediction is wrong
     */
    public record Tile(Picture picture, List<String> lines, boolean marked) {

        /** Copies the lines. */
        public Tile {
            lines = List.copyOf(lines);
        }
    }

    /** Copies the lists, and checks that each tile has a line a caption. */
    public Gallery {
        captions = List.copyOf(captions);
        tiles = List.copyOf(tiles);
        for (Tile tile : tiles) {
            if (tile.lines().size() != captions.size()) {
                throw new IllegalArgumentException(
                        "lines must be one for each of " + captions + "; got " + tile.lines());
            }
        }
    }

    /** Returns one row a picture: its address, and a column a caption. */
    @Override
    public Table table() {
        List<StringColumn> columns = new ArrayList<>();
        columns.add(StringColumn.create(
                "picture", tiles.stream().map(tile -> tile.picture().address())));
        IntStream.range(0, captions.size())
                .forEach(i -> columns.add(StringColumn.create(
                        captions.get(i), tiles.stream().map(tile -> tile.lines().get(i)))));
        return Table.create(title, columns.toArray(StringColumn[]::new));
    }

    /** Returns the title and how many pictures there are. */
    @Override
    public String toString() {
        return title + ": " + tiles.size() + " pictures";
    }
}
