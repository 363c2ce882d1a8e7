"""The apps of the site, all of one shape: models, queries, actions, pages, api, urls, admin."""
