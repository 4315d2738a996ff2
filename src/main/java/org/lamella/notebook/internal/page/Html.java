// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

/** Makes texts safe inside a page. */
final class Html {

    private Html() {}

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                // a dollar would be taken for mathematics by the front end
                case '$' -> escaped.append("&#36;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
