// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import org.lamella.base.Listing;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** How a text is cut into tokens, one row a token. */
record TokenListing(Tokens tokens) implements Listing {

    @Override
    public Table table() {
        IntColumn position = IntColumn.create("position");
        IntColumn id = IntColumn.create("id");
        StringColumn token = StringColumn.create("token");
        for (int t = 0; t < tokens.length(); t++) {
            position.append(t);
            id.append((int) tokens.id(t));
            token.append(tokens.text(t));
        }
        return Table.create("tokens" + tokens.cutClause(), position, id, token);
    }
}
