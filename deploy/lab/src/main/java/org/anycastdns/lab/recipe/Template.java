package org.anycastdns.lab.recipe;

import java.util.Map;

/// Replaces `${name}` placeholders in a text.
final class Template {

    private Template() {}

    /// Returns the text with every `${name}` replaced. A placeholder without a value is a bug in
    /// this program.
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
