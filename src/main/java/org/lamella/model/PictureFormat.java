// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.base.picture.Bitmap;
import org.lamella.base.picture.Picture;
import org.lamella.base.picture.Resampling;

/**
 * What is done to a picture before a vision tower sees it, as preprocessor_config.json says: {@code CLIPImageProcessor} and
 * {@code LlavaImageProcessor} of Hugging Face on Pillow. In that order: pad to a square in the mean's colour, resize, cut
 * out the centre, scale to 0 to 1, normalise each colour.
 *
 * <p>A step that is switched on needs its numbers; one that lacks is an error that names it. Files from before rescaling was
 * a setting rescale by 1/255.
 */
final class PictureFormat {

    // of a picture once it is resized: one of 224 pixels and 334 times as long
    private static final long MOST_RESIZED = 1 << 24;
    static final String FILE = "preprocessor_config.json";

    private static final Set<String> TYPES = new TreeSet<>(List.of(
            "CLIPImageProcessor",
            "CLIPImageProcessorFast",
            "CLIPFeatureExtractor",
            "LlavaImageProcessor",
            "LlavaImageProcessorFast"));

    private final Config config;
    private final boolean padded;
    private final boolean resized;
    private final boolean cut;
    private final boolean rescaled;
    private final boolean normalised;
    private final double factor;
    private final float[] mean = new float[3];
    private final float[] deviation = new float[3];
    private final int shortest; // 0 where height and width are given
    private final int[] size = new int[2];
    private final int[] crop = new int[2];
    private final Resampling filter;

    private PictureFormat(Config config) {
        this.config = config;
        requireKnown(config);
        padded = config.flag("do_pad", false);
        resized = config.flag("do_resize");
        cut = config.flag("do_center_crop");
        normalised = config.flag("do_normalize");
        rescaled = config.flag("do_rescale", true);
        factor = rescaled && config.has("do_rescale") ? config.number("rescale_factor") : 1 / 255.0;
        shortest = resized ? shortest(config) : 0;
        if (resized && shortest == 0) {
            sides(config, "size", size);
        }
        if (cut) {
            sides(config, "crop_size", crop);
        }
        if (normalised || padded) {
            colours(config, "image_mean", mean);
        }
        if (normalised) {
            colours(config, "image_std", deviation);
            for (float each : deviation) {
                if (!(each > 0)) {
                    throw new FormatException(FILE, "image_std must be above 0; got " + Arrays.toString(deviation));
                }
            }
        }
        filter = resized ? filter(config) : Resampling.BICUBIC;
    }

    private static void requireKnown(Config config) {
        String field = config.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
        String type = config.text(config.has(field) ? field : "image_processor_type");
        if (!TYPES.contains(type)) {
            throw new FormatException(
                    FILE,
                    field + " must be one of " + TYPES + "; got \"" + type + "\"" + Names.didYouMean(type, TYPES));
        }
    }

    // older files have a number in place of the fields
    private static int shortest(Config config) {
        if (config.isNumber("size")) {
            return config.count("size");
        }
        Config section = required(config, "size");
        return section.has("shortest_edge") ? section.count("shortest_edge") : 0;
    }

    private static Config required(Config config, String field) {
        return config.section(field)
                .orElseThrow(() -> new FormatException(
                        FILE, field + " must be there; got " + config.json().keySet()));
    }

    private static void sides(Config config, String field, int[] into) {
        if (config.isNumber(field)) {
            into[0] = config.count(field);
            into[1] = into[0];
            return;
        }
        Config section = required(config, field);
        into[0] = section.count("height");
        into[1] = section.count("width");
    }

    private static void colours(Config config, String field, float[] into) {
        List<Double> numbers = config.numbers(field);
        if (numbers.size() != 3) {
            throw new FormatException(FILE, field + " must be three numbers; got " + numbers);
        }
        for (int c = 0; c < 3; c++) {
            into[c] = numbers.get(c).floatValue();
        }
    }

    private static Resampling filter(Config config) {
        int number = config.count("resample");
        return switch (number) {
            case 2 -> Resampling.BILINEAR;
            case 3 -> Resampling.BICUBIC;
            default -> throw new FormatException(FILE, "resample must be 2 (bilinear) or 3 (bicubic); got " + number);
        };
    }

    static PictureFormat parse(String json) {
        return new PictureFormat(Config.parse(FILE, json));
    }

    /** Returns the format of a model's folder. */
    static PictureFormat load(Path folder) {
        return new PictureFormat(Config.load(folder, FILE, "the folder of a model that sees"));
    }

    /** Returns the file's content. */
    Config config() {
        return config;
    }

    /** Throws unless what comes out is as large as a tower takes it. */
    PictureFormat requireSide(int side) {
        int[] out = cut ? crop : size;
        boolean open = !cut && (!resized || shortest > 0);
        if (open || out[0] != side || out[1] != side) {
            throw new FormatException(
                    FILE,
                    (cut ? "crop_size" : "size") + " must be " + side + " x " + side
                            + ", the image_size of the vision tower; got "
                            + (open ? "pictures of any size" : out[0] + " x " + out[1]));
        }
        return this;
    }

    /** Returns the numbers of a picture, (3, height, width). */
    float[] pixels(Picture picture) {
        Bitmap whole = picture.bitmap();
        requireLike(whole, picture);
        return pixels(prepared(whole));
    }

    // the shorter side is made as long as asked for, so that the longer side of a thread of pixels becomes endless
    private void requireLike(Bitmap whole, Picture picture) {
        if (!resized || shortest == 0 || padded) {
            return;
        }
        long longer = longer(whole.width(), whole.height());
        if (longer * shortest > MOST_RESIZED) {
            throw new FormatException(
                    picture.name(),
                    String.format(
                            Locale.ROOT,
                            "must have at most %,d pixels once its shorter side is %d, as the model takes it; got %,d x %,d, which"
                                    + " would be %,d",
                            MOST_RESIZED,
                            shortest,
                            whole.width(),
                            whole.height(),
                            longer * shortest));
        }
    }

    private long longer(int width, int height) {
        return (long) shortest * Math.max(width, height) / Math.min(width, height);
    }

    Bitmap prepared(Bitmap whole) {
        Bitmap bitmap = padded
                ? whole.squared((int) (mean[0] * 255.0), (int) (mean[1] * 255.0), (int) (mean[2] * 255.0))
                : whole;
        if (resized) {
            bitmap = sized(bitmap);
        }
        if (cut) {
            // what is smaller than the piece gets a black border
            int left = Math.floorDiv(bitmap.width() - crop[1], 2);
            int top = Math.floorDiv(bitmap.height() - crop[0], 2);
            bitmap = bitmap.cut(left, top, crop[1], crop[0]);
        }
        return bitmap;
    }

    private Bitmap sized(Bitmap bitmap) {
        if (shortest == 0) {
            return bitmap.resized(size[1], size[0], filter);
        }
        int width = bitmap.width();
        int height = bitmap.height();
        int longest = Math.toIntExact(longer(width, height));
        return width <= height ? bitmap.resized(shortest, longest, filter) : bitmap.resized(longest, shortest, filter);
    }

    private float[] pixels(Bitmap bitmap) {
        int places = bitmap.width() * bitmap.height();
        byte[] rgb = bitmap.rgb();
        float[] numbers = new float[3 * places];
        for (int c = 0; c < 3; c++) {
            float[] table = table(c);
            for (int i = 0; i < places; i++) {
                numbers[c * places + i] = table[rgb[3 * i + c] & 0xff];
            }
        }
        return numbers;
    }

    private float[] table(int colour) {
        float[] table = new float[256];
        for (int value = 0; value < table.length; value++) {
            float scaled = rescaled ? (float) (value * factor) : value;
            table[value] = normalised ? (scaled - mean[colour]) / deviation[colour] : scaled;
        }
        return table;
    }
}
