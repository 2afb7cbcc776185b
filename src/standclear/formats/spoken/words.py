# SPDX-License-Identifier: Apache-2.0
"""256 plain words for the ear, our own choice: no two begin with the same four letters. A byte is a word."""

from __future__ import annotations

from typing import Final

LIST: Final = """
acorn almond amber anchor apple apron arrow autumn badge bakery balcony bamboo banjo barley basket beacon
beaver bicycle biscuit blanket blossom bottle boulder bracelet bridge bronze brush bucket buffalo butter
cabbage cactus camera candle canvas carpet castle cellar cereal chalk cherry chimney cinema citrus clover
cobalt coconut coffee compass copper coral cotton cradle cricket crystal cushion daisy dancer desert diamond
dinner dolphin domino donkey dragon eagle easel echo elbow elephant ember engine envelope fabric falcon
farmer feather fiddle finger flannel flute forest fountain furnace gallery garden garlic gazelle ginger
giraffe glacier globe goblet golden granite guitar hammer harbour harvest hazel helmet herring hockey honey
hotel iceberg igloo indigo island ivory jacket jaguar jasmine jelly jigsaw jungle kayak kennel kettle
kingdom kitchen ladder lagoon lantern laundry lavender lemon leopard library lilac linen lizard lobster
lotus magnet mango maple marble market meadow melon mineral mirror monkey mosaic mustard napkin nectar
needle nickel nougat nutmeg oasis ocean octopus olive onion orange orchard ostrich oxygen oyster paddle
palace panther parcel pasture peanut pebble pelican pencil pepper piano pigeon pillow planet plaster pocket
pony poplar powder pumpkin puzzle quarry quilt rabbit radish rainbow raisin raven reindeer ribbon river
rocket rooster saddle saffron salmon sandal sapphire saucer scarf school seagull shadow shovel silver sketch
slipper snail spider spinach sponge squirrel stable statue sugar summer sunset tablet tailor tangerine
teacup temple thimble thunder tiger timber toast tomato tractor trumpet tulip tunnel turtle umbrella unicorn
vanilla velvet village violin volcano voyage waffle walnut waterfall whistle willow window winter wizard
wolf yellow yogurt zebra zipper
"""
WORDS: Final = tuple(LIST.split())


def words_of(data: bytes) -> tuple[str, ...]:
    """One word a byte."""
    return tuple(WORDS[byte] for byte in data)
