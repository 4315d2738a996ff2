// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;

/**
 * Finds the program in what a model wrote, as published with PiSSA and used by the layer-wise LoRA paper: carriage returns
 * are dropped; of a text with a {@code ```python} fence what follows the first one, up to the fence that closes it; then what
 * stands before {@code if __name__ == "__main__":}, before {@code # Example usage} and before the first {@code assert}.
 */
public final class CodeAnswer {

    private static final String FENCE = "```python";
    private static final String CLOSED = "\n```";
    private static final List<String> ENDS = List.of("if __name__ == \"__main__\":", "# Example usage", "assert");

    private CodeAnswer() {}

    /** Returns the program; the whole text when none of the marks is there, for a model that goes on after a stub. */
    public static String of(String generation) {
        String text = generation.replace("\r", "");
        int fence = text.indexOf(FENCE);
        if (fence >= 0) {
            String fenced = GivenText.strip(text.substring(fence)).replace(FENCE, "");
            int closed = fenced.indexOf(CLOSED);
            text = closed < 0 ? fenced : GivenText.strip(fenced.substring(0, closed));
        }
        for (String end : ENDS) {
            int at = text.indexOf(end);
            text = at < 0 ? text : GivenText.strip(text.substring(0, at));
        }
        return text;
    }
}
