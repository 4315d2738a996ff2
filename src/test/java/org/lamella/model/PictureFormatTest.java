// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.lamella.base.FormatException;
import org.lamella.base.picture.Picture;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;

class PictureFormatTest {

    private static final Path FOLDER = Golden.path("pictures");

    private static String json(String name) {
        try {
            return Files.readString(FOLDER.resolve(name + ".json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void pixelsAreThoseOfTransformersOnEveryKindOfPicture() {
        try (SafeTensors file = SafeTensors.open(FOLDER.resolve("pixels.safetensors"));
                Scope scope = Scope.open()) {
            for (String name : file.names()) {
                int dot = name.indexOf('.');
                PictureFormat format = PictureFormat.parse(json(name.substring(0, dot)));

                float[] pixels = format.pixels(Picture.of(FOLDER.resolve(name.substring(dot + 1))));

                Golden.assertClose(pixels, file.tensor(name, scope).floats(), 1e-6, name);
            }
            assertThat(file.names()).hasSizeGreaterThan(60);
        }
    }

    @Test
    void colourThatIsDividedByNothingIsRefused() {
        String zero = json("llava").replaceAll("(?s)\"image_std\": \\[.*?\\]", "\"image_std\": [0, 0.5, 0.5]");

        assertThatThrownBy(() -> PictureFormat.parse(zero))
                .hasMessage("[preprocessor_config.json] image_std must be above 0; got [0.0, 0.5, 0.5]");
    }

    @Test
    void aThreadOfPixelsIsRefusedBeforeItIsResized() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(1, 200_000, BufferedImage.TYPE_BYTE_GRAY), "png", png);
        Picture thread = Picture.of("thread.png", png.toByteArray());
        PictureFormat format = PictureFormat.parse(json("llava"));

        assertThatThrownBy(() -> format.pixels(thread))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching(
                        "\\[thread\\.png\\] must have at most 16,777,216 pixels once its shorter side is \\d+, as"
                                + " the model takes it; got 1 x 200,000, which would be [\\d,]+");
    }

    @Test
    void aFieldThatIsMissingIsNamed() {
        String whole = json("llava-padded");
        for (String field : new String[] {
            "do_resize",
            "do_center_crop",
            "do_normalize",
            "rescale_factor",
            "image_mean",
            "image_std",
            "resample",
            "size",
            "crop_size"
        }) {
            String without = whole.replace("\"" + field + "\"", "\"other\"");

            assertThatThrownBy(() -> PictureFormat.parse(without))
                    .isInstanceOf(FormatException.class)
                    .hasMessageStartingWith("[preprocessor_config.json] " + field + " must be there; got [");
        }
    }

    @Test
    void anUnknownProcessorIsNamed() {
        assertThatThrownBy(() -> PictureFormat.parse(json("clip").replace("CLIPImageProcessor", "ViTImageProcessor")))
                .hasMessageStartingWith(
                        "[preprocessor_config.json] image_processor_type must be one of [CLIPFeatureExtractor")
                .hasMessageContaining("; got \"ViTImageProcessor\"");
    }

    @Test
    void anUnknownFilterIsNamed() {
        assertThatThrownBy(() -> PictureFormat.parse(json("clip").replace("\"resample\": 3", "\"resample\": 5")))
                .hasMessage("[preprocessor_config.json] resample must be 2 (bilinear) or 3 (bicubic); got 5");
    }

    @Test
    void aFileFromBeforeRescalingWasASettingIsRead() {
        String old = """
                {"crop_size": 24, "do_center_crop": true, "do_normalize": true, "do_resize": true,
                 "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
                 "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": 24}""";
        Picture picture = Picture.of(FOLDER.resolve("rgb.png"));

        assertThat(PictureFormat.parse(old).pixels(picture))
                .isEqualTo(PictureFormat.parse(json("clip")).pixels(picture));
    }
}
