"""`rfm config`: the values in force and where they come from, and the schema of the shop file."""

import json

import click


@click.group()
def config() -> None:
    """The shop file: values in force, and the schema."""


@config.command()
def show() -> None:
    """Print every value in force and where it comes from, as a shop file."""
    from rfm_assets.config.origins import lines

    for line in lines():
        click.echo(line)


@config.command()
def schema() -> None:
    """Print the JSON Schema of the shop file, for editors."""
    from rfm_assets.config.shop_file import ShopFile

    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "rfm.toml"}
    click.echo(json.dumps(ShopFile.model_json_schema() | about, indent=2, ensure_ascii=False))
