"""Live positions by AJAX polling: a table of latest positions, a Django view that lists a region's."""
