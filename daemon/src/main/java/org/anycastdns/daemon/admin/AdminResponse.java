package org.anycastdns.daemon.admin;

import java.nio.charset.StandardCharsets;
import org.anycastdns.daemon.Json;

/// A response: its status code, the type of its content, and the content.
///
/// @param body the content; must not be changed
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied nowhere: it may be large
public record AdminResponse(int status, String type, byte[] body) {

    /// The content type of JSON.
    public static final String JSON = "application/json";

    /// The content type of text for people.
    public static final String TEXT = "text/plain; charset=utf-8";

    /// The content type of the Prometheus text format.
    public static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /// Returns a response of one line of JSON.
    public static AdminResponse json(int status, Object value) {
        return new AdminResponse(status, JSON, Json.line(value));
    }

    /// Returns a response of text.
    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns an error as JSON: `{"error": "..."}`.
    public static AdminResponse jsonError(int status, String sentence) {
        return json(status, Json.object("error", sentence));
    }

    /// Returns an error as a line of text.
    public static AdminResponse textError(int status, String sentence) {
        return text(status, sentence + "\n");
    }
}
