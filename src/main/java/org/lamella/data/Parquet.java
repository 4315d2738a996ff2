// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.lamella.base.FormatException;

/** Reads Parquet files by DuckDB, in the order of their rows. Cells become texts; a null is an empty text. */
final class Parquet {

    private Parquet() {}

    /** Reads all columns. */
    static Grid read(Path path) {
        return read(path, List.of());
    }

    /** Reads the columns of a task only. */
    static Grid read(Path path, Columns columns) {
        List<String> wanted = new ArrayList<>(columns.texts());
        wanted.add(columns.truth());
        return read(path, wanted);
    }

    private static Grid read(Path path, List<String> wanted) {
        if (!Files.isRegularFile(path)) {
            throw new FormatException(path.toString(), "file must be there; got none");
        }
        String rows = "read_parquet('" + path.toString().replace("'", "''") + "')";
        try (Connection database = open();
                Statement statement = database.createStatement()) {
            List<String> columns = columns(statement, rows);
            for (String name : wanted) {
                if (!columns.contains(name)) {
                    throw new FormatException(
                            path.toString(), "columns must hold " + name + "; got " + String.join(", ", columns));
                }
            }
            List<String> chosen = wanted.isEmpty() ? columns : wanted;
            return new Grid(path.toString(), chosen, rows(statement, chosen, rows));
        } catch (SQLException e) {
            throw new FormatException(path.toString(), "bytes must be Parquet; " + Fields.reason(e), e);
        }
    }

    // an extension that the file might want is never looked for on the network
    private static Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        return new DuckDBDriver().connect("jdbc:duckdb:", properties);
    }

    private static List<String> columns(Statement statement, String rows) throws SQLException {
        try (ResultSet none = statement.executeQuery("SELECT * FROM " + rows + " LIMIT 0")) {
            ResultSetMetaData about = none.getMetaData();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= about.getColumnCount(); i++) {
                columns.add(about.getColumnName(i));
            }
            return columns;
        }
    }

    private static List<Grid.Row> rows(Statement statement, List<String> columns, String rows) throws SQLException {
        String names = columns.stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
        List<Grid.Row> read = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT " + names + " FROM " + rows)) {
            while (result.next()) {
                List<String> cells = new ArrayList<>(columns.size());
                for (int i = 1; i <= columns.size(); i++) {
                    String cell = result.getString(i);
                    cells.add(cell == null ? "" : cell);
                }
                read.add(new Grid.Row("row " + (read.size() + 1), cells));
            }
        }
        return read;
    }
}
