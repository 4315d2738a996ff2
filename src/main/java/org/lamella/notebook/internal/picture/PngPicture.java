// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import java.awt.AWTError;
import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Paints an SVG of ours onto pixels. */
final class PngPicture {

    /** Pixels per CSS pixel. */
    static final int SCALE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(PngPicture.class);

    private PngPicture() {}

    static Optional<byte[]> of(String svg, int width, int height) {
        try {
            return Optional.of(paint(svg, width, height));
        } catch (IOException | RuntimeException | LinkageError | AWTError e) {
            // a machine without fontconfig or fonts; the SVG needs neither
            LOG.info("no PNG on this machine, SVG only: {}", e.toString());
            return Optional.empty();
        }
    }

    private static byte[] paint(String svg, int width, int height) throws IOException {
        Fonts.start();
        SVGDocument document = new SVGLoader()
                .load(
                        new ByteArrayInputStream(
                                svg.replace(Svg.FONTS, "SansSerif").getBytes(StandardCharsets.UTF_8)),
                        null,
                        LoaderContext.createDefault());
        if (document == null) {
            throw new IOException("svg must be readable; got " + svg.length() + " characters");
        }
        BufferedImage image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.scale(SCALE, SCALE);
            document.render((Component) null, graphics, null);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(FewColors.of(image), "png", bytes);
        return bytes.toByteArray();
    }
}
