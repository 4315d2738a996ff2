// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import org.lamella.base.FormatException;
import org.lamella.base.picture.Picture;

/** A small picture inside a page, called by its name: where it lies is nobody's business. */
final class Thumbnail {

    private Thumbnail() {}

    /** Returns the picture at most so many pixels wide and high; nothing for one that cannot be decoded. */
    static Optional<String> of(Picture picture, int side) {
        try {
            String data = Base64.getEncoder().encodeToString(picture.thumbnail(side));
            String name = Html.escape(picture.name());
            return Optional.of("<img src=\"data:image/png;base64," + data + "\" alt=\"" + name + "\" title=\"" + name
                    + "\" style=\"max-width:" + side + "px;max-height:" + side + "px;margin:0\">");
        } catch (FormatException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
