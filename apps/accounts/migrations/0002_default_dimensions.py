"""One row of each dimension, so that a new shop has a merchant, a channel and a seller."""

from django.db import migrations

FORWARD = """
INSERT INTO accounts_merchant (code, name, legal_name, country, vat_number, created_at)
VALUES ('default', 'Shop', 'Shop', 'DE', '', now());
INSERT INTO accounts_channel
    (code, name, merchant_id, currency, currencies, locale, locales, country, is_active, created_at)
VALUES ('web', 'Web shop', 'default', 'EUR', '{EUR}', 'en', '{en}', 'DE', true, now());
INSERT INTO accounts_seller (code, name, merchant_id, is_active, created_at)
VALUES ('house', 'Shop', 'default', true, now());
"""
BACKWARD = """
DELETE FROM accounts_seller WHERE code = 'house';
DELETE FROM accounts_channel WHERE code = 'web';
DELETE FROM accounts_merchant WHERE code = 'default';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
