"""The real dataset, Online Retail II of the UCI Machine Learning Repository: fetching, and splitting into daily files.

Belongs here: where its archive is, how it is downloaded, and how its workbook becomes the files that the shop would
have delivered day by day. Its licence is CC BY 4.0: Chen, D. (2012), https://doi.org/10.24432/C5CG6D.
"""
