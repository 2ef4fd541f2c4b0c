/// The single table of record types. Each type is declared once, as the list of its fields, and all
/// operations on its data follow from that list.
///
/// ```
///   RecordTypes   type -> fields, one row each
///
///   text  --RdataReader, Field.read-->   wire    master files, including \# of RFC 3597
///             (ValueReader: numbers, names, strings, ...; TokenReader: tokens, problems)
///   wire  --Rdata.objection, check--->   valid?  length and syntax; accepts any octets
///   wire  --Rdata.canonical---------->   wire    names in lower case (RFC 4034 section 6.2)
///   wire  --Rdata.text, Field.print-->   text    for messages and files
///   type  --RdataNames--------------->   which names are compressed, and which are hosts
/// ```
///
/// To add a type, add its row and its test.
///
/// More than 20 types because each kind of field is a type.
@NullMarked
package org.anycastdns.server.rdata;

import org.jspecify.annotations.NullMarked;
