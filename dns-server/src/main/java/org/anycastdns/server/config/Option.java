package org.anycastdns.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the operator may know about one option; the record component below it is the option. Its
/// key in the file is the component's name in lower case with dashes.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Option {
    /// What it does, in a sentence.
    String doc();

    /// The value when it is not set, as one would write it, list items separated by spaces; empty
    /// when it must be set or the program finds it out.
    String otherwise() default "";

    /// For an option that has keys: the key that a value without keys is the value of; empty when
    /// the keys must be written.
    String alone() default "";

    /// The least value, written like one; for text the least number of octets.
    String min() default "";

    /// The greatest value, written like one; for text the greatest number of octets.
    String max() default "";
}
