//! The short names of the fields in the sheet of agreements.

use boucle_domain::validate::Field;

/// In the sheet of agreements the fields go by shorter names.
pub(crate) const AGREEMENT_COLUMNS: [(Field, &str, &str, &str); 6] = [
    (
        Field::AgreementReference,
        "reference",
        "Référence",
        "Reference",
    ),
    (
        Field::AgreementWasteCodes,
        "waste_codes",
        "Codes acceptés",
        "Accepted codes",
    ),
    (
        Field::AgreementQuantity,
        "quantity",
        "Quantité par an",
        "Quantity per year",
    ),
    (Field::AgreementUnit, "unit", "Unité", "Unit"),
    (
        Field::AgreementFrom,
        "valid_from",
        "Valable du",
        "Valid from",
    ),
    (Field::AgreementTo, "valid_to", "Valable au", "Valid to"),
];
