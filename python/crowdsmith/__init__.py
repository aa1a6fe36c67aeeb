"""Truth inference for crowdsourced labels: labels in, truth and worker quality out.

`crowdsmith.aggregation` and `crowdsmith.metrics` have the class names, arguments and pandas conventions of
crowd-kit and more methods; `crowdsmith.Client` talks to a Crowdsmith server.

>>> import pandas as pd
>>> from crowdsmith.aggregation import DawidSkene
>>> data = pd.DataFrame(
...     [["t1", "w1", "cat"], ["t1", "w2", "cat"], ["t1", "w3", "dog"], ["t2", "w1", "dog"], ["t2", "w3", "dog"]],
...     columns=["task", "worker", "label"],
... )
>>> DawidSkene(n_iter=10).fit_predict(data).to_dict()
{'t1': 'cat', 't2': 'dog'}
"""

from . import aggregation, metrics, postprocessing
from ._native import __version__
from .client import Client

__all__ = ["Client", "__version__", "aggregation", "metrics", "postprocessing"]
