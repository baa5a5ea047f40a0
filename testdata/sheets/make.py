"""Makes the workbooks and the texts of odd encodings of this folder. Every firm and figure is invented.

    pip install openpyxl xlwt && python make.py

The files are committed; this says how they came about. Run again it gives the same content (workbooks
carry the time of their making).
"""

import datetime
import pathlib
import zipfile

import openpyxl
import xlwt

HERE = pathlib.Path(__file__).parent
HEAD = ["Entreprise", "Sens", "Désignation", "Quantité", "Unité", "Période", "Code déchet"]


def book(name, sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return workbook, lambda: workbook.save(HERE / name)


def merged():
    workbook, save = book("merged-cells.xlsx", {"Flux": [
        ["Recensement 2024 (fictif)"],
        HEAD,
        ["Usine A (fictif)", "sortant", "Cartons", 12.345, "t", "an", "15 01 01"],
        [None, None, "Films", 4.5, "t", "an", "15 01 02"],
        [None, None, "Palettes", None, "t", "an", "15 01 03"],
        ["Usine B (fictif)", "entrant", "Soude", 3, "t", "an", None],
    ]})
    sheet = workbook["Flux"]
    for area in ["A1:G1", "A3:A5", "B3:B5", "D4:D5"]:
        sheet.merge_cells(area)
    save()


def two_lines():
    workbook, save = book("two-heading-lines.xlsx", {"Inventaire": [
        ["Entreprise", None, "Flux sortants", None, None, "Exutoire", None, "Flux entrants", None],
        ["Nom", "SIRET", "Désignation", "Code CED", "Tonnage annuel", "Nom", "Coût (€/t)",
         "Désignation", "Tonnage annuel"],
        ["Usine A (fictif)", None, "Cartons", 150101, 12, "Recycleur", -45, "Soude", 3],
        ["Usine B (fictif)", None, "Boues", "19 08 12", "env. 100", "Épandage", 60, None, None],
    ]})
    sheet = workbook["Inventaire"]
    for area in ["A1:B1", "C1:E1", "F1:G1", "H1:I1"]:
        sheet.merge_cells(area)
    save()


def register_with_legend():
    titles = ["Identifiant unique", "SIRET de l'expéditeur ou du détenteur", "Dénomination du déchet",
              "Code déchet", "POP", "Dangereux", "Date d'expédition", "Poids en tonnes", "Type de poids",
              "Numéro d'identification du destinataire", "Code de traitement prévu"]
    # SIRETs of public bodies, for their check digits only; shipments are invented.
    line = ["12002701600563", "Cartons", "15 01 01", "NON", "NON"]
    _, save = book("register-with-legend.xlsx", {
        "Registre": [["Registre 2025 (fictif)"], titles] + [
            [f"E{month}", *line, f"2025-{month:02}-10", 1.5, "REEL", "35600000000048", "R3"]
            for month in range(1, 13)],
        "Légende": [["REEL : pesé"], ["ESTIME : estimé au volume"]],
        "Codes": [["Code déchet", "Désignation"], ["15 01 01", "Emballages en papier/carton"],
                  ["15 01 02", "Emballages en matières plastiques"]],
        "Besoins": [HEAD, ["Cartonnerie B (fictif)", "entrant", "Vieux papiers", 40, "t", "an", None]],
    })
    save()


def hidden():
    workbook, save = book("hidden.xlsx", {
        "Flux": [HEAD] + [[f"Usine {letter} (fictif)", "sortant", "Cartons", number, "t", "an", None]
                          for number, letter in enumerate("ABC", 1)],
        "Ancien": [HEAD, ["Usine Z (fictif)", "sortant", "Cartons", 99, "t", "an", None]],
    })
    workbook["Flux"].row_dimensions[3].hidden = True
    workbook["Flux"].column_dimensions["G"].hidden = True
    workbook["Ancien"].sheet_state = "hidden"
    save()


def failed():
    _, save = book("failed-formulas.xlsx", {"Flux": [
        HEAD,
        ["Usine A (fictif)", "sortant", "Cartons", "#REF!", "t", "an", "15 01 01"],
        ["Usine B (fictif)", "sortant", "Films", 4, "t", "an", "#N/A"],
        ["Usine C (fictif)", "sortant", "Fer", "#DIV/0!", "t", "an", None],
    ]})
    save()


def dates():
    _, save = book("codes-as-dates.xlsx", {"Flux": [
        HEAD,
        ["Usine A (fictif)", "sortant", "Cendres", 3, "t", "an", datetime.date(2002, 1, 10)],
        ["Usine A (fictif)", "sortant", "Boues", 4, "t", "an", 190812],
        ["Usine A (fictif)", "sortant", "Rebuts", 5, "t", "an", 30105],
        ["Usine A (fictif)", "sortant", "Divers", 6, "t", "an", datetime.date(2030, 12, 31)],
    ]})
    save()


def by_sheet():
    _, save = book("direction-by-sheet.xlsx", {
        "Déchets": [["Entreprise", "Libellé", "Tonnage annuel"], ["Usine A (fictif)", "Cartons", 12]],
        "Besoins": [["Entreprise", "Matière", "Quantité (t/an)"], ["Usine A (fictif)", "Soude", 3]],
    })
    save()


def by_firm():
    head = ["Flux", "Sens", "Quantité (t/an)"]
    _, save = book("one-sheet-per-firm.xlsx", {
        "Scierie (fictif)": [head, ["Écorces", "sortant", 1200]],
        "Imprimerie (fictif)": [head, ["Papier", "entrant", 300]],
        "Notice": [["Remplir une feuille par entreprise."]],
    })
    save()


def old():
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("Flux")
    rows = [HEAD,
            ["Usine A (fictif)", "sortant", "Cartons", 12.5, "t", "an", "15 01 01"],
            ["", "sortant", "Films", 4, "t", "an", 150102],
            ["Usine B (fictif)", "entrant", "Soude", 3, "t", "an", ""]]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "":
                sheet.write(at, column, cell)
    sheet.merge(1, 2, 0, 0)
    sheet.row(3).hidden = True
    workbook.save(str(HERE / "old.xls"))


def libre():
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, (int, float)):
            return (f'<table:table-cell office:value-type="float" office:value="{value}">'
                    f"<text:p>{str(value).replace('.', ',')}</text:p></table:table-cell>")
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    rows = [HEAD,
            ["Usine A (fictif)", "sortant", "Cartons &amp; papiers", 12.345, "t", "an", "15 01 01"],
            [None, "sortant", "Films", 4, "t", "an", 150102],
            ["Usine B (fictif)", "entrant", "Soude", 3, "t", "an", None]]
    body = ""
    for at, row in enumerate(rows):
        hidden = ' table:visibility="filter"' if at == 3 else ""
        cells = "".join(cell(value) for value in row)
        if at == 1:
            cells = cells.replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1)
        if at == 2:
            cells = cells.replace("<table:table-cell/>", "<table:covered-table-cell/>", 1)
        body += f"<table:table-row{hidden}>{cells}</table:table-row>"
    body += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    content = ('<?xml version="1.0" encoding="UTF-8"?><office:document-content '
               'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
               'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
               'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
               f'<table:table table:name="Flux">{body}</table:table>'
               "</office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(HERE / "libre.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)]:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)


def encodings():
    text = ("Société;Sens;Libellé;Quantité;Unité;Période\r\n"
            "Brasserie É (fictif);sortant;Drêches;1 200,5;t;an\r\n"
            "Brasserie É (fictif);entrant;Soude à 30 %;3;t;an\r\n")
    (HERE / "cp1252.txt").write_bytes(text.encode("cp1252"))
    (HERE / "mac-roman.csv").write_bytes(text.encode("mac_roman"))
    (HERE / "utf16.txt").write_bytes(text.replace(";", "\t").encode("utf-16"))
    (HERE / "utf16-without-mark.csv").write_bytes(text.encode("utf-16-le"))
    (HERE / "excel-sep.csv").write_bytes(("sep=;\r\n" + text).encode("utf-8-sig"))


if __name__ == "__main__":
    for make in [merged, two_lines, register_with_legend, hidden, failed, dates, by_sheet, by_firm, old, libre, encodings]:
        make()
