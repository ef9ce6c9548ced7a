"""What headers are called, in a few languages, without case, blanks and signs: for drafts alone, which a person reads.

Presets and profiles match headers exactly.
"""

import re
import unicodedata

NAMES = {
    "number": """
        orderid ordernumber orderno ordernr ordernum order orders invoiceid invoiceno invoicenumber invoicenr
        invoice invoicenum transactionid transactionno transactionnumber transaction transid txnid receiptid
        receiptno receiptnumber receipt basketid basket ticketid ticketno ticket billid billno billnumber bill
        saleid salesid salesno salesorder salesorderid purchaseid ordid orderref orderreference reference ref
        documentno documentnumber docno voucherno checkid orderkey salesordernumber salesdocument vbeln
        usersession sessionid incrementid bookingid bestellnummer bestellnr bestellung bestellid auftragsnummer
        auftragsnr auftrag rechnungsnummer rechnungsnr rechnung belegnummer belegnr beleg bonnummer
        numerocommande ncommande ndecommande nocommande commande idcommande numerofacture nfacture facture
        numeropedido npedido nopedido pedido idpedido codpedido codigopedido numerofactura nfactura factura
        numeroordine ordine idordine numerofattura fattura ordernummer bestelnummer factuurnummer factuur
        nrzamowienia zamowienie numerzamowienia numerodopedido notafiscal numeronota idvenda venda""",
    "placed": """
        orderdate ordereddate invoicedate transactiondate transactiontime transdate purchasedate saledate
        salesdate date datetime timestamp orderdatetime ordertime createdat createddate createdon created
        datecreated datepurchased dateordered placedat orderpurchasetimestamp eventtime purchasetimestamp
        receiptdate billdate billingdate docdate documentdate paiddate paidat paymentdate dateoforder
        dateofpurchase dateofsale dateadd dateofinvoice transdt transactiondt trandate tdat orderdt ddate
        solddate saletime day bestelldatum auftragsdatum rechnungsdatum belegdatum kaufdatum datum verkaufsdatum
        erdat fkdat datecommande datedecommande datefacture dateachat datevente fecha fechapedido fechadepedido
        fechacompra fechafactura fechaventa dataordine datafattura data dataacquisto datapedido datavenda
        datacompra besteldatum orderdatum factuurdatum aankoopdatum datazamowienia datasprzedazy""",
    "customer": """
        customerid customerno customernumber customernr customercode customerkey customeruniqueid custid custno
        custkey customer clientid clientno clientcode client userid userno user memberid memberno membernumber
        member membershipid buyerid buyeremail buyer email emailaddress mail customeremail clientemail useremail
        householdkey householdid household consumerid shopperid shopper contactid contact accountid accountno
        account loyaltyid loyaltycard cardid cardno patientid visitorid personid subscriberid soldto soldtoparty
        billtocustomer customername clientname kunnr kundennummer kundennr kundenid kunde kundenname
        numeroclient nclient idclient codeclient nomclient idcliente codcliente codigocliente numerocliente
        cliente nomecliente klantnummer klantid klantnr klant idklienta klient nrklienta""",
    "product": """
        productid productcode productno productnumber productkey product productsku sku stockcode stockno itemid
        itemcode itemno itemnumber item itemsku articleid articleno articlenumber article materialno material
        matnr asin barcode ean upc gtin plu productname itemname producttitle lineitemsku lineitemname
        productline productcategory category department departmentname commodity artikelnummer artikelnr
        artikelid artikel produkt produktid produktname warengruppe referenceproduit codeproduit produit
        idproduit article_ref idproducto codigoproducto producto articulo codigoarticulo idprodotto
        codiceprodotto prodotto articolo codarticolo productnummer idprodukt nazwa produto idproduto codproduto""",
    "quantity": """
        quantity qty quantityordered orderquantity orderqty qtyordered units unitssold unitsold itemquantity
        itemsqty items quantitysold quantitypurchased productquantity noofitems numberofitems count pieces pcs
        amountsold menge anzahl stuck stueck stk kwmeng quantite qte nombre cantidad cant unidades quantita qta
        pezzi aantal hoeveelheid ilosc quantidade qtd qtde""",
    "unit": """
        unitprice priceperunit priceeach itemprice unitcost priceunit saleprice sellingprice salesprice
        retailprice productprice listprice price itemcost eachprice mrp rate netprice priceusd pricegbp priceeur
        einzelpreis stuckpreis stueckpreis preis netpr prixunitaire prix preciounitario precio prezzounitario
        prezzo stuksprijs eenheidsprijs prijs cenajednostkowa cena precounitario preco valorunitario""",
    "line": """
        linetotal lineamount linevalue linesales sales salesamount saleamount salesvalue totalsales totalamount
        totalprice totalvalue totalcost totalsale totalrevenue revenue grossrevenue netrevenue amount value
        totalpaid extendedprice extprice extendedamount subtotal netsales grosssales netamount amountpaid
        purchaseamount transactionamount tranamount transamount totalpurchaseamount totalpurchase purchase
        purchasevalue spend spent dollars payment paymentvalue totalspend totalspent purchaseamountusd total
        amountusd turnover transactionvalue ordervalue orderamount netwr sum itemtotal gesamtpreis gesamtbetrag
        betrag umsatz gesamt summe nettowert montant montanttotal total_ttc totalttc totalht chiffredaffaires
        importe importetotal ventas monto valor valortotal importo totale ricavo fatturato bedrag totaalbedrag
        totaal omzet kwota wartosc valorvenda receita""",
    "order": """
        ordertotal grandtotal ordertotalamount totalorder totalordervalue invoicetotal invoiceamount
        totalinvoice orderprice basketvalue baskettotal transactiontotal billamount billtotal receipttotal
        bestellsumme rechnungsbetrag totalcommande totalpedido totaleordine ordertotaal""",
    "currency": "currency currencycode ordercurrency wahrung waehrung devise moneda valuta waluta moeda waers",
    "country": "country countryregion shippingcountry billingcountry countrycode market land pays pais paese region",
    "description": "description productname itemname producttitle productdescription itemdescription title bezeichnung",
    "status": "status orderstatus financialstatus paymentstatus state bestellstatus estado statut stato",
}


SALE = (
    *("complete", "completed", "paid", "shipped", "delivered", "fulfilled", "closed", "processing", "success"),
    *("succeeded", "successful", "approved", "invoiced", "received", "resolved", "in process", "sale", "sold"),
    *("partially refunded", "partially_refunded", "partially shipped", "captured", "settled", "done", "ok"),
)
NOT_A_SALE = (
    *("cancelled", "canceled", "cancel", "pending", "failed", "voided", "void", "refunded", "refund", "returned"),
    *("return", "on hold", "on-hold", "disputed", "draft", "expired", "unpaid", "declined", "rejected", "unavailable"),
    *("order_refunded", "payment pending", "pending payment", "pending_payment", "holded", "fraud", "abandoned"),
)
"""Words of a status that are clear; any other is for a person to judge."""


def plain(header: str) -> str:
    """A header without case, accents, blanks and signs, and without what stands in brackets at its end."""
    header = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", header) or header
    letters = unicodedata.normalize("NFKD", header.replace("ß", "ss").replace("#", "no").replace("№", "no")).casefold()
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", letters)


def named(headers: list[str], role: str) -> list[str]:
    """The headers that may be a role by their names, the likeliest first."""
    names = [plain(name) for name in NAMES[role].split()]
    found = [(names.index(plain(header)), header) for header in headers if plain(header) in names]
    return [header for _, header in sorted(found, key=lambda one: one[0])]
