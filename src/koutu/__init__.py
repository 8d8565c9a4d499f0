"""Koutu (抠图): image segmentation and matting as a library, a command line and a drop-in server for the imageseg API."""
