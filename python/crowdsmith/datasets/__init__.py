"""Public crowdsourcing data sets with known truth, under crowd-kit's names; downloaded once."""

from ._fetch import data_folder
from ._sets import SETS, get_datasets_list, load_dataset

__all__ = ["SETS", "data_folder", "get_datasets_list", "load_dataset"]
