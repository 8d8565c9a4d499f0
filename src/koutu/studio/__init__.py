"""Finished pictures made of cutouts: identity photos, print sheets, banners."""
