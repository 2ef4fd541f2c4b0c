package org.anycastdns.daemon.admin;

import java.util.List;
import java.util.Map;

/// A request that may change state: its client has the operator's rights.
///
/// @param parameters the parameters after the question mark
/// @param body the text in the body; empty if there is none
public record AdminRequest(Map<String, List<String>> parameters, String body) {

    /// Returns whether a parameter has the value "true".
    public boolean flag(String name) {
        return parameters.getOrDefault(name, List.of()).contains("true");
    }
}
