package org.anycastdns.lab.recipe;

import java.util.Map;

/// Fills `${name}` in a text.
final class Template {

    private Template() {}

    /// The text with every `${name}` replaced; one without a value is a mistake in this program.
    static String fill(String template, Map<String, String> values) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        if (text.contains("${")) {
            throw new IllegalStateException("no value for " + text.substring(text.indexOf("${")));
        }
        return text;
    }
}
