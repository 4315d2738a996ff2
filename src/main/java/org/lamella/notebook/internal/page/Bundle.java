// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One output in several forms; the front end shows the richest it can.
 *
 * @param data the content by MIME type, in a fixed order
 * @param metadata what else is known by MIME type, for instance the size of an image in CSS pixels
 */
public record Bundle(Map<String, Object> data, Map<String, Object> metadata) {

    static final String HTML = "text/html";
    static final String TEXT = "text/plain";
    static final String PNG = "image/png";
    static final String PLOTLY = "application/vnd.plotly.v1+json";

    /** Copies both maps and keeps their order. */
    public Bundle {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Returns a bundle of a page and of what it says without one. */
    public static Bundle of(String html, String text) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(HTML, html);
        data.put(TEXT, text);
        return new Bundle(data, Map.of());
    }

    /** Returns the page. */
    public String html() {
        return String.valueOf(data.get(HTML));
    }

    /** Returns what it says without a page. */
    public String text() {
        return String.valueOf(data.get(TEXT));
    }

    /** Returns this bundle with a picture that is shown at the given size in CSS pixels. */
    Bundle png(byte[] image, int width, int height) {
        Map<String, Object> size = new LinkedHashMap<>();
        size.put("width", width);
        size.put("height", height);
        Map<String, Object> sizes = new LinkedHashMap<>(metadata);
        sizes.put(PNG, size);
        return new Bundle(with(PNG, Base64.getEncoder().encodeToString(image)).data, sizes);
    }

    /** Returns this bundle with one more form. */
    Bundle with(String type, Object content) {
        Map<String, Object> more = new LinkedHashMap<>(data);
        more.put(type, content);
        return new Bundle(more, metadata);
    }
}
